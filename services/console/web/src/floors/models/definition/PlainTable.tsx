import { Table, type TableProps } from "antd";

interface Props<Row> extends Omit<TableProps<Row>, "size" | "scroll"> {
  label: string;
}

/** A short table in one piece; where it is wider than the page it is moved sideways, by keys too. */
export function PlainTable<Row extends object>({ label, ...table }: Props<Row>) {
  return (
    <section
      className="models-scroll"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
    >
      <Table<Row> pagination={false} {...table} size="small" />
    </section>
  );
}
