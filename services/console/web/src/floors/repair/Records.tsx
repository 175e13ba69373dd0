import { Tag } from "antd";
import { repair } from "../../api/client";
import { useNames } from "../../api/vocabulary";
import { useSeesCity } from "../../app/session";
import { useText as useTitles } from "../../app/text";
import { useWords, wordFor } from "../../i18n/words";
import { CursorTable } from "../../kit/CursorTable";
import { EntityLink } from "../../kit/EntityLink";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { Filters } from "./Filters";
import { asked, RECORDS, type RepairRecord } from "./model";
import { RecordDrawer } from "./RecordDrawer";
import { ApplyFrom, Matter, StopsOn, useStateSaid } from "./RecordParts";
import { useText } from "./text";
import "./repair.css";

/** The records of dishonesty, with the days on which something may be done about them. */
export default function Records() {
  const titles = useTitles();
  const text = useText();
  const [state, change] = useUrlState();
  const query = asked(state);
  const columns = useColumns((record) => change({ record }));
  return (
    <Page title={titles.records} lead={text.lead}>
      <Filters state={state} change={change} />
      <CursorTable<RepairRecord>
        label={text.records}
        listKey={[...RECORDS, query]}
        rowKey="record_id"
        columns={columns}
        read={(cursor) =>
          repair.call.GET("/v1/records", { params: { query: { ...query, cursor, limit: 50 } } })
        }
      />
      <RecordDrawer recordId={state.record} onClose={() => change({ record: undefined })} />
    </Page>
  );
}

function useColumns(onOpen: (recordId: string) => void) {
  const text = useText();
  const words = useWords();
  const areaName = useNames("areas");
  const seesCity = useSeesCity();
  const stateSaid = useStateSaid();
  return [
    {
      key: "entity",
      title: words.entity,
      render: (_: unknown, row: RepairRecord) => (
        <div className="two-lines">
          <EntityLink uscc={row.uscc} name={row.name} />
          <span className="quiet">{seesCity ? areaName(row.area_code) : row.uscc}</span>
        </div>
      ),
    },
    {
      key: "document",
      title: text.document,
      render: (_: unknown, row: RepairRecord) => (
        <div className="two-lines">
          <button type="button" className="link" onClick={() => onOpen(row.record_id)}>
            {row.document_number || text.no_document}
          </button>
          <Matter record={row} />
        </div>
      ),
    },
    {
      key: "kind",
      title: text.kind,
      render: (_: unknown, row: RepairRecord) => wordFor(text, `kind_${row.kind}`),
    },
    {
      key: "tier",
      title: text.tier,
      render: (_: unknown, row: RepairRecord) => wordFor(text, `tier_${row.tier}`),
    },
    { key: "decided", title: text.decided_on, dataIndex: "decided_on", className: "nowrap" },
    {
      key: "apply",
      title: text.apply_from,
      render: (_: unknown, row: RepairRecord) => <ApplyFrom record={row} />,
    },
    {
      key: "stops",
      title: text.stops_on,
      render: (_: unknown, row: RepairRecord) => <StopsOn record={row} />,
    },
    {
      key: "state",
      title: words.state,
      render: (_: unknown, row: RepairRecord) => (
        <Tag color={row.state === "open" ? "blue" : "default"}>{stateSaid(row)}</Tag>
      ),
    },
  ];
}
