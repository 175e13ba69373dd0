import { Table } from "antd";
import { Link } from "react-router";
import { sampling } from "../../api/client";
import { useNames } from "../../api/vocabulary";
import { useFormats } from "../../i18n/format";
import { useWords, wordFor } from "../../i18n/words";
import { Loaded } from "../../kit/Loaded";
import type { Inspector } from "./model";
import { useText } from "./text";

/** The inspectors of the caller's area. */
export function Inspectors() {
  const text = useText();
  const words = useWords();
  const { count } = useFormats();
  const areaName = useNames("areas");
  const reading = sampling.useQuery("get", "/v1/inspectors", {}, { staleTime: 600_000 });
  return (
    <Loaded reading={reading} isEmpty={(all) => all.length === 0}>
      {(all) => (
        <Table<Inspector>
          size="small"
          rowKey="ref"
          dataSource={all}
          scroll={{ x: "max-content" }}
          pagination={all.length > 50 ? { pageSize: 50, size: "small", showSizeChanger: false } : false}
          columns={[
            {
              key: "name",
              title: text.inspector,
              render: (_, row) => (
                <Link to={`/inspections?inspector=${encodeURIComponent(row.ref)}`}>
                  {row.name || row.ref}
                </Link>
              ),
            },
            { key: "area", title: words.area, render: (_, row) => areaName(row.area_code) },
            {
              key: "specialties",
              title: text.specialties,
              render: (_, row) =>
                (row.specialties ?? []).map((each) => wordFor(text, each)).join("、") || "—",
            },
            { key: "licence", title: text.licence, dataIndex: "licence_valid_until" },
            {
              key: "conflicts",
              title: text.conflicts,
              align: "right",
              render: (_, row) => count(row.conflicts?.length ?? 0),
            },
          ]}
        />
      )}
    </Loaded>
  );
}
