import { Alert, Flex, Steps, Tabs, Tag } from "antd";
import { Link, useParams } from "react-router";
import { classification } from "../../api/client";
import type { components } from "../../api/generated/classification";
import { useMay } from "../../app/session";
import { Loaded } from "../../kit/Loaded";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { Desk } from "./draft/Desk";
import { DraftActions } from "./draft/DraftActions";
import { DraftDiff } from "./draft/DraftDiff";
import { useDraftText } from "./draft/draftText";
import type { Draft as Found } from "./draft/fourEyes";
import { Conflicting, useStayWhileDirty } from "./draft/Leaving";
import { Shadow } from "./draft/Shadow";
import { useEditing } from "./draft/useEditing";
import { draftQuery, useSave } from "./draft/useSave";
import { useWhatIf } from "./draft/useWhatIf";
import { WhatIfDetail } from "./draft/WhatIfDetail";
import "./models.css";
import { useQuery } from "@tanstack/react-query";
import { useModelName } from "../../api/models";
import { Trail } from "./versions/Trail";

type Step = components["schemas"]["StepRow"];

/** One draft: edited, tried, compared, run in the shadow, and decided by two people. */
export default function Draft() {
  const { number = "" } = useParams();
  const text = useDraftText();
  const draft = useQuery({ ...draftQuery(Number(number)), retry: false });
  const trail = classification.useQuery("get", "/v1/drafts/{number}/trail", {
    params: { path: { number: Number(number) } },
  });
  if (draft.data && trail.data) return <Whole key={number} draft={draft.data} trail={trail.data.items} />;
  return (
    <Page title={text.draft(number)}>
      <Loaded reading={draft.data ? trail : draft} lines={12}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function Whole({ draft, trail }: { draft: Found; trail: Step[] }) {
  const text = useDraftText();
  const modelName = useModelName();
  const mayWrite = useMay("model_manager") && draft.state === "open";
  const editing = useEditing(draft, mayWrite);
  const trying = useWhatIf(draft, editing);
  const saving = useSave(draft);
  useStayWhileDirty(editing);
  const [{ tab = "edit" }, change] = useUrlState();
  const shared = { draft, trail, editing, trying };
  const pages = [
    {
      key: "edit",
      label: mayWrite ? text.edit : text.content,
      children: <Desk {...shared} mayWrite={mayWrite} />,
    },
    ...(trying.mayTry
      ? [{ key: "effects", label: text.effects, children: <WhatIfDetail trying={trying} /> }]
      : []),
    { key: "diff", label: text.diff, children: <DraftDiff draft={draft} isDirty={editing.isDirty} /> },
    { key: "shadow", label: text.shadow, children: <Shadow {...shared} /> },
    { key: "trail", label: text.trail, children: <Trail steps={trail} /> },
  ];
  return (
    <Page
      title={`${draft.code ? modelName(draft.code) : ""} ${text.draft(String(draft.id))}`.trim()}
      lead={<Link to="/models/drafts">{text.drafts}</Link>}
      actions={<DraftActions {...shared} saving={saving} mayWrite={mayWrite} />}
    >
      <Progress draft={draft} trail={trail} />
      <Conflicting editing={editing} saving={saving} />
      <Tabs
        activeKey={pages.some(({ key }) => key === tab) ? tab : "edit"}
        onChange={(key) => change({ tab: key === "edit" ? undefined : key })}
        items={pages}
        destroyOnHidden
      />
    </Page>
  );
}

const ORDER = ["open", "submitted", "approved", "promoted"] as const;

function Progress({ draft, trail }: { draft: Found; trail: Step[] }) {
  const text = useDraftText();
  const modelName = useModelName();
  const returned = trail.filter(({ what }) => what === "returned").at(-1);
  if (draft.state === "withdrawn") return <Tag>{text.withdrawn}</Tag>;
  const at = ORDER.indexOf(draft.state);
  const who = [draft.author, draft.submitted_by, draft.approved_by, modelName(draft.model_id)];
  return (
    <Flex vertical gap={8}>
      <Steps
        size="small"
        current={at}
        responsive
        items={ORDER.map((each, number) => ({
          title: text[each],
          content: number <= at ? who[number] : undefined,
        }))}
      />
      {returned && draft.state === "open" && (
        <Alert type="warning" showIcon title={text.returned_because(returned.who, returned.note)} />
      )}
    </Flex>
  );
}
