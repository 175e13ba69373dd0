import type { EChartsCoreOption } from "echarts/core";
import type { components } from "../../api/generated/ingestion";
import type { ChartTable } from "../../kit/Chart";

type Figure = components["schemas"]["FigureOut"];

/** Facts accepted each day, one stacked bar for each source; figures are told apart by type too. */
export function acceptedByDay(
  figures: Figure[],
  head: string,
  count: (facts: number) => string,
): { option: EChartsCoreOption; table: ChartTable } {
  const accepted = figures.filter(({ verdict }) => verdict === "accepted");
  const dates = [...new Set(accepted.map(({ day }) => day))].sort();
  const sources = [...new Set(accepted.map(({ source }) => source))].sort();
  const at = new Map<string, number>();
  for (const { day, source, facts } of accepted)
    at.set(`${day} ${source}`, (at.get(`${day} ${source}`) ?? 0) + facts);
  const series = sources.map((name) => ({
    name,
    type: "bar",
    stack: "facts",
    data: dates.map((day) => at.get(`${day} ${name}`) ?? 0),
  }));
  const option = {
    tooltip: { trigger: "axis" },
    legend: { type: "scroll", top: 0 },
    xAxis: { type: "category", data: dates },
    yAxis: { type: "value" },
    series,
  };
  const rows = dates.map((day, at) => [day, ...series.map(({ data }) => count(data[at] ?? 0))]);
  return { option, table: { columns: [head, ...sources], rows } };
}
