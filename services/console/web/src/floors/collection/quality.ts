import type { EChartsCoreOption } from "echarts/core";
import type { ChartTable } from "../../kit/Chart";

export interface QualityDay {
  day: string;
  source: string;
  accepted: number;
}

/** Facts accepted each day, one stacked bar for each source. */
export function acceptedByDay(days: QualityDay[]): { option: EChartsCoreOption; table: ChartTable } {
  const dates = [...new Set(days.map(({ day }) => day))].sort();
  const sources = [...new Set(days.map(({ source }) => source))].sort();
  const at = new Map(days.map(({ day, source, accepted }) => [`${day} ${source}`, accepted]));
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
  const rows = dates.map((day) => [day, ...series.map(({ data }) => data[dates.indexOf(day)] ?? 0)]);
  return { option, table: { columns: ["", ...sources], rows } };
}

/** `days` days back from a day, as a date. */
export function daysBefore(day: string, days: number): string {
  const moment = new Date(`${day}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() - days);
  return moment.toISOString().slice(0, 10);
}

/** Today in Shanghai, where the business days are. */
export function today(now = new Date()): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(now);
}
