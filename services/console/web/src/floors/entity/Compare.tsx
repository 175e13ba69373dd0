import { Button, Card, Flex, Select } from "antd";
import { Link, useParams } from "react-router";
import { classification } from "../../api/client";
import { useText as useTitles } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { useCursorList } from "../../kit/CursorTable";
import { Loaded } from "../../kit/Loaded";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { Compared } from "./Compared";
import { useCompareText } from "./compareText";
import { type Decision, decisionsKey, readDecisions, useProfile } from "./reads";
import "./entity.css";

/** Two decisions about an entity side by side: what changed, and why. */
export default function Compare() {
  const titles = useTitles();
  const text = useCompareText();
  const { uscc = "" } = useParams();
  const [{ from, to }] = useUrlState();
  const name = useProfile(uscc).data?.name;
  return (
    <Page
      title={name ? `${titles.compare} · ${name}` : titles.compare}
      lead={text.lead}
      printable
      actions={
        <Link to={`/entities/${uscc}`}>
          <Button>{text.back}</Button>
        </Link>
      }
    >
      <div className="grid">
        <Choice uscc={uscc} />
        {Number(from) > 0 && Number(from) < Number(to) && (
          <Read uscc={uscc} from={Number(from)} to={Number(to)} />
        )}
      </div>
    </Page>
  );
}

function Choice({ uscc }: { uscc: string }) {
  const text = useCompareText();
  const list = useCursorList<Decision>(decisionsKey(uscc), (cursor) => readDecisions(uscc, cursor));
  return (
    <Card className="no-print">
      <Loaded reading={list} lines={1}>
        {({ pages }) => {
          const decisions = pages.flatMap(({ items }) => items);
          if (decisions.length < 2) return <p>{text.one_only}</p>;
          return <Selects decisions={decisions} onMore={list.hasNextPage ? list.fetchNextPage : undefined} />;
        }}
      </Loaded>
    </Card>
  );
}

function Selects({ decisions, onMore }: { decisions: Decision[]; onMore?: () => unknown }) {
  const text = useCompareText();
  const [{ from = "", to = "" }, change] = useUrlState();
  const valid = Number(from) > 0 && Number(from) < Number(to);
  const more = (event: { currentTarget: HTMLElement }) => {
    const { scrollTop, clientHeight, scrollHeight } = event.currentTarget;
    if (scrollTop + clientHeight > scrollHeight - 40) onMore?.();
  };
  const options = useOptions(decisions);
  const earlier = options.filter(({ value }) => !to || Number(value) < Number(to));
  const later = options.filter(({ value }) => !from || Number(value) > Number(from));
  return (
    <Flex gap={12} wrap="wrap" align="center">
      <Pick
        label={text.from}
        value={from}
        options={earlier}
        onPick={(from) => change({ from })}
        onScroll={more}
      />
      →
      <Pick label={text.to} value={to} options={later} onPick={(to) => change({ to })} onScroll={more} />
      {!valid && <span role="status">{text.choose}</span>}
    </Flex>
  );
}

function useOptions(decisions: Decision[]) {
  const text = useCompareText();
  const format = useFormats();
  return decisions.map((each) => ({
    value: String(each.number),
    label: text.option(
      format.count(each.number),
      format.moment(each.decided_at),
      each.risk_class,
      format.points(each.score),
    ),
  }));
}

interface PickProps {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onPick: (value: string) => void;
  onScroll: (event: { currentTarget: HTMLElement }) => void;
}

function Pick({ label, value, options, onPick, onScroll }: PickProps) {
  return (
    <Select
      className="entity-decision"
      aria-label={label}
      placeholder={label}
      value={value || undefined}
      options={options}
      onChange={onPick}
      onPopupScroll={onScroll}
    />
  );
}

function Read({ uscc, from, to }: { uscc: string; from: number; to: number }) {
  const named = useNamed();
  const reading = classification.useQuery("get", "/v1/entities/{uscc}/decisions/compare", {
    params: { path: { uscc }, query: { from, to } },
  });
  return (
    <Loaded reading={reading} lines={10}>
      {(answer) => (
        <>
          <Card>
            <p className="entity-sentence">{named({ zh: answer.sentence_zh, en: answer.sentence_en })}</p>
          </Card>
          <Compared answer={answer} />
        </>
      )}
    </Loaded>
  );
}
