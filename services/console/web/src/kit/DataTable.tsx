import { Table, type TableProps } from "antd";
import { useEffect, useRef } from "react";

/** A table of what is all there; one that is wider than its place is scrolled by the keyboard too. */
export function DataTable<Row extends object>(props: TableProps<Row>) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const scrolled = place.current?.querySelectorAll<HTMLElement>(".ant-table-content") ?? [];
    for (const each of scrolled) each.tabIndex = each.scrollWidth > each.clientWidth ? 0 : -1;
  });
  return (
    <div ref={place}>
      <Table<Row> size="small" pagination={false} {...props} />
    </div>
  );
}
