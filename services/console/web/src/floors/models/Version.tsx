import { Descriptions, Select, Tabs } from "antd";
import { Link, useParams } from "react-router";
import { classification } from "../../api/client";
import type { components } from "../../api/generated/classification";
import { useMay } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { wordFor } from "../../i18n/words";
import { Loaded } from "../../kit/Loaded";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { Differences } from "./definition/Differences";
import type { Definition } from "./definition/definition";
import { Mark } from "./definition/Mark";
import { Source } from "./definition/Source";
import { Section, WholeModel } from "./definition/WholeModel";
import "./models.css";
import { useModelName, useModels } from "../../api/models";
import { useToday } from "../../kit/useToday";
import { useText } from "./text";
import { beforeOf, codeOf, type Stood, standings } from "./versions/standing";
import { Trail } from "./versions/Trail";

type Detail = components["schemas"]["ModelDetail"];

/** One version in full, what it changed, and who did what to it. */
export default function Version() {
  const { id: model_id = "" } = useParams();
  const text = useText();
  const mayDraft = useMay("model_manager");
  const path = { params: { path: { model_id } } };
  const model = classification.useQuery("get", "/v1/models/{model_id}", path);
  const title = useModelName()(model_id);
  return (
    <Page
      title={title}
      lead={<Link to="/models">{text.versions}</Link>}
      actions={mayDraft && <Link to={`/models/drafts?from=${model_id}`}>{text.begin_draft}</Link>}
      printable
    >
      <Loaded reading={model} lines={12}>
        {(found) => (
          <>
            <Facts model={found} />
            <Parts model={found} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Parts({ model }: { model: Detail }) {
  const text = useText();
  const [{ tab = "content" }, change] = useUrlState();
  return (
    <Tabs
      activeKey={tab}
      onChange={(key) => change({ tab: key === "content" ? undefined : key })}
      destroyOnHidden
      items={[
        {
          key: "content",
          label: text.content,
          children: <WholeModel definition={model.definition as unknown as Definition} />,
        },
        { key: "diff", label: text.differences, children: <Compared id={model.id} /> },
        { key: "trail", label: text.trail, children: <Done id={model.id} /> },
      ]}
    />
  );
}

function Facts({ model }: { model: Detail }) {
  const text = useText();
  const format = useFormats();
  const { data } = useModels();
  const stood = standings(data?.items ?? [], useToday()).find((each) => each.model.id === model.id);
  const definition = model.definition as unknown as Definition;
  const rows: [string, React.ReactNode][] = [
    [text.kind, wordFor(text, model.kind)],
    [text.standing, <Standing key="" stood={stood} />],
    [
      text.valid,
      `${format.day(model.valid_from)} – ${model.valid_to ? format.day(model.valid_to) : text.open_end}`,
    ],
    [text.author, model.author],
    [text.drafted_by, model.drafted_by || "—"],
    [text.approved_by, model.approver || "—"],
    [text.frame, <Source key="" {...definition.frame} />],
    [text.weights, <Source key="" {...definition.weights} />],
    [
      text.document_hash,
      <code key="" className="models-hash">
        {model.sha256}
      </code>,
    ],
  ];
  return (
    <Section title={text.facts}>
      <Descriptions
        size="small"
        column={{ xs: 1, lg: 2, xl: 3 }}
        items={rows.map(([label, children]) => ({ key: label, label, children }))}
      />
    </Section>
  );
}

function Standing({ stood }: { stood: Stood | undefined }) {
  const text = useText();
  if (!stood) return <>—</>;
  const { standing, live } = stood;
  return (
    <>
      <Mark tone={standing === "in_force" ? "good" : "plain"}>{text[standing]}</Mark>
      {live && `${live.from_day} ${wordFor(text, live.how)}`}
    </>
  );
}

function Compared({ id }: { id: string }) {
  const text = useText();
  const { data } = useModels();
  const modelName = useModelName();
  const [{ against = beforeOf(id, data?.items ?? []) }, change] = useUrlState();
  const others = (data?.items ?? [])
    .map((each) => each.id)
    .filter((each) => each !== id && codeOf(each) === codeOf(id));
  return (
    <Section title={text.differences}>
      {data && others.length === 0 && <p className="quiet">{text.no_other}</p>}
      {others.length > 0 && (
        <Select
          aria-label={text.compare_with}
          className="models-switch models-select"
          placeholder={text.compare_with}
          value={against}
          options={others.map((value) => ({ value, label: modelName(value) }))}
          onChange={(value) => change({ against: value })}
        />
      )}
      {against && <Diff id={id} against={against} />}
    </Section>
  );
}

function Diff({ id, against }: { id: string; against: string }) {
  const params = { path: { model_id: id }, query: { against } };
  const diff = classification.useQuery("get", "/v1/models/{model_id}/diff", { params });
  return <Loaded reading={diff}>{({ differences }) => <Differences rows={differences} />}</Loaded>;
}

function Done({ id }: { id: string }) {
  const text = useText();
  const params = { path: { model_id: id } };
  const trail = classification.useQuery("get", "/v1/models/{model_id}/trail", { params });
  return (
    <Section title={text.trail}>
      <Loaded reading={trail}>{({ items }) => <Trail steps={items} />}</Loaded>
    </Section>
  );
}
