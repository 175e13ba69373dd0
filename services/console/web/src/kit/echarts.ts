// Only what the pages draw: each chart and component costs every reader its bytes.
import { BarChart, GraphChart, LineChart, PieChart } from "echarts/charts";
import {
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { COLOURS } from "../app/theme";

use([
  BarChart,
  GraphChart,
  LineChart,
  PieChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  MarkLineComponent,
  MarkAreaComponent,
  DataZoomComponent,
  SVGRenderer,
]);

const BASE: EChartsCoreOption = {
  animation: false,
  grid: { left: 8, right: 16, top: 32, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
};

/** Draws in `place`, following its size, until `end`. */
export function mount(place: HTMLElement, onPick: (name: string, series: string) => void) {
  // A canvas, which measures texts, takes "inherit" for its own small font.
  const textStyle = { color: COLOURS.ink, fontFamily: getComputedStyle(place).fontFamily };
  const chart = init(place, null, { renderer: "svg" });
  chart.on("click", (event) => onPick(String(event.name), String(event.seriesName)));
  const resized = new ResizeObserver(() => chart.resize());
  resized.observe(place);
  return {
    draw: (option: EChartsCoreOption) =>
      chart.setOption({ ...BASE, textStyle, ...option }, { notMerge: true }),
    end: () => {
      resized.disconnect();
      chart.dispose();
    },
  };
}
