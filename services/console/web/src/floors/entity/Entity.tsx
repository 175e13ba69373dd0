import { Button, Flex } from "antd";
import { Link, useParams } from "react-router";
import { useText as useTitles } from "../../app/text";
import { useLanguage } from "../../i18n/language";
import { useWords } from "../../i18n/words";
import { DownloadButton } from "../../kit/DownloadButton";
import { Loaded } from "../../kit/Loaded";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { Header } from "./Header";
import { Printed } from "./Printed";
import { type Profile, useProfile } from "./reads";
import { useSections } from "./sections";
import { useText } from "./text";
import "./entity.css";

/** Everything known of one entity: who it is, how it is classed and why, and what was done about it. */
export default function Entity() {
  const titles = useTitles();
  const { uscc = "" } = useParams();
  const profile = useProfile(uscc);
  if (profile.data) return <Known entity={profile.data} />;
  return (
    <Page title={titles.entity} lead={uscc}>
      <Loaded reading={profile} lines={10}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function Known({ entity }: { entity: Profile }) {
  const text = useText();
  const [{ print }, change] = useUrlState();
  return (
    <Page
      title={entity.name || entity.uscc}
      lead={entity.name ? entity.uscc : text.not_registered}
      actions={<Actions uscc={entity.uscc} printing={print === "1"} onPrint={(print) => change({ print })} />}
    >
      <Header entity={entity} />
      {print === "1" ? <Printed entity={entity} /> : <Sections entity={entity} />}
    </Page>
  );
}

interface ActionsProps {
  uscc: string;
  printing: boolean;
  onPrint: (print: string | undefined) => void;
}

function Actions({ uscc, printing, onPrint }: ActionsProps) {
  const text = useText();
  const words = useWords();
  const { language } = useLanguage();
  return (
    <Flex gap={8} wrap>
      <DownloadButton href={`/api/entities/${uscc}/report.xlsx?language=${language}`}>
        {words.export_excel}
      </DownloadButton>
      {printing ? (
        <Button onClick={() => onPrint(undefined)}>{text.leave_print}</Button>
      ) : (
        <Button onClick={() => onPrint("1")}>{words.export_pdf}</Button>
      )}
    </Flex>
  );
}

function Sections({ entity }: { entity: Profile }) {
  const text = useText();
  const sections = useSections(entity);
  const [{ tab }] = useUrlState();
  const shown = sections.find(({ key }) => key === tab) ?? sections[0];
  return (
    <>
      <nav aria-label={text.sections} className="entity-sections no-print">
        {sections.map(({ key, title }) => (
          <Link key={key} to={`?tab=${key}`} aria-current={key === shown?.key ? "page" : undefined}>
            {title}
          </Link>
        ))}
      </nav>
      {shown?.content}
    </>
  );
}
