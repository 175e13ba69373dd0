import { Button } from "antd";
import { useState } from "react";
import { classification } from "../../../api/client";
import type { components } from "../../../api/generated/classification";
import { useFormats } from "../../../i18n/format";
import { useWords, wordFor } from "../../../i18n/words";
import { CursorTable } from "../../../kit/CursorTable";
import { useAct } from "../../../kit/useAct";
import { Section } from "../definition/WholeModel";
import { useShortName } from "../reads";
import { useRunsText } from "./runsText";

type Copy = components["schemas"]["SnapshotShown"];
const KEY = ["get", "/v1/snapshots"];

/** Copies of the whole city, newest first; drafts are tried on the newest. */
export function Copies() {
  const text = useRunsText();
  const words = useWords();
  const format = useFormats();
  const shortName = useShortName();
  return (
    <Section title={text.copies} lead={text.copies_lead}>
      <Take />
      <CursorTable<Copy>
        label={text.copies}
        listKey={[...KEY, "all"]}
        read={(cursor) =>
          classification.call.GET("/v1/snapshots", { params: { query: { cursor, limit: 20 } } })
        }
        rowKey="id"
        emptyHint={text.no_copies}
        columns={[
          { title: text.copies, render: (_, { kind }) => wordFor(text, kind) },
          { title: text.day, dataIndex: "business_day" },
          { title: text.made, render: (_, { made_at }) => format.moment(made_at) },
          { title: words.state, render: (_, { is_complete }) => (is_complete ? text.finished : text.making) },
          { title: text.entities, align: "right", render: (_, { entities }) => format.count(entities) },
          {
            title: "A / B / C / D",
            align: "right",
            render: (_, { counts }) =>
              ["A", "B", "C", "D"].map((each) => format.count(counts[each])).join(" / "),
          },
          { title: text.judged_by, render: (_, { models }) => models.map(shortName).join("、") },
        ]}
      />
    </Section>
  );
}

function Take() {
  const text = useRunsText();
  const act = useAct();
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    await act({
      send: () => classification.call.POST("/v1/snapshots"),
      done: text.copy_taken,
      changes: [KEY],
    });
    setBusy(false);
  };
  return (
    <Button loading={busy} className="models-switch no-print" onClick={() => void take()}>
      {text.take_copy}
    </Button>
  );
}
