import type { EChartsCoreOption } from "echarts/core";
import { COLOURS } from "../../../app/theme";
import type { Summary } from "./useSummary";

type Band = Summary["calibration"]["bands"][number];

/** The scores of a band. */
export function bandText({ low, high }: Pick<Band, "low" | "high">): string {
  return low === high ? String(low) : `${low}–${high}`;
}

/** Rates by score as bars, and what the year before lets expect as a line; what is too few is left out. */
export function bandsOption(bands: Band[], words: { observed: string; expected: string }): EChartsCoreOption {
  const percent = (value: number | null | undefined) =>
    value == null ? null : Math.round(value * 1000) / 10;
  const expected = bands.map((band) => percent(band.expected));
  return {
    tooltip: { trigger: "axis" },
    legend: { top: 0, right: 20 },
    xAxis: { type: "category", data: bands.map(bandText) },
    yAxis: { type: "value", axisLabel: { formatter: "{value}%" }, splitNumber: 4 },
    series: [
      {
        name: words.observed,
        type: "bar",
        itemStyle: { color: COLOURS.primary },
        data: bands.map(({ rate }) => percent(rate.value)),
      },
      ...(expected.some((each) => each !== null)
        ? [
            {
              name: words.expected,
              type: "line",
              lineStyle: { type: "dashed" },
              color: COLOURS.attention,
              data: expected,
            },
          ]
        : []),
    ],
  };
}
