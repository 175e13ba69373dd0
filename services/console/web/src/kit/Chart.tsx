import { Button, Skeleton } from "antd";
import type { EChartsCoreOption } from "echarts/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useWords } from "../i18n/words";
import { DataTable } from "./DataTable";

export interface ChartTable {
  columns: string[];
  rows: (string | number)[][];
}

interface Props {
  /** What the chart shows, for those who do not see it. */
  label: string;
  option: EChartsCoreOption;
  /** The same figures as a table: a chart is never the only way to them. */
  table: ChartTable;
  height?: number;
  /** A click on a bar, a slice or a point: the name of the category and the series. */
  onPick?: (picked: { name: string; series: string }) => void;
  footer?: ReactNode;
}

const drawing = () => import("./echarts");

/** A chart with its figures behind a switch; what draws it is fetched when the first chart is shown. */
export function Chart({ label, option, table, height = 260, onPick, footer }: Props) {
  const words = useWords();
  const [asTable, setAsTable] = useState(false);
  return (
    <figure className="chart" aria-label={label}>
      {asTable ? (
        <Figures table={table} />
      ) : (
        <Canvas label={label} option={option} height={height} onPick={onPick} />
      )}
      <figcaption>
        {footer}
        <Button type="link" size="small" className="no-print" onClick={() => setAsTable(!asTable)}>
          {asTable ? words.as_chart : words.as_table}
        </Button>
      </figcaption>
    </figure>
  );
}

function Canvas({ label, option, height, onPick }: Pick<Props, "label" | "option" | "height" | "onPick">) {
  const place = useRef<HTMLDivElement>(null);
  const pick = useRef(onPick);
  const [draw, setDraw] = useState<((option: EChartsCoreOption) => void) | null>(null);
  pick.current = onPick;
  useEffect(() => {
    let end: () => void = () => undefined;
    let gone = false;
    void drawing().then(({ mount }) => {
      if (gone || place.current === null) return;
      const chart = mount(place.current, (name, series) => pick.current?.({ name, series }));
      end = chart.end;
      setDraw(() => chart.draw);
    });
    return () => {
      gone = true;
      end();
    };
  }, []);
  useEffect(() => draw?.(option), [draw, option]);
  return (
    <div className="chart-place" style={{ height }}>
      {draw === null && <Skeleton.Node active={false} style={{ width: "100%", height }} />}
      <div ref={place} role="img" aria-label={label} className="chart-canvas" />
    </div>
  );
}

function Figures({ table }: { table: ChartTable }) {
  const columns = table.columns.map((title, at) => ({ title, dataIndex: String(at), key: String(at) }));
  const rows = table.rows.map((row, key) => ({
    key,
    ...Object.fromEntries(row.map((cell, at) => [at, cell])),
  }));
  return <DataTable columns={columns} dataSource={rows} scroll={{ x: "max-content" }} />;
}
