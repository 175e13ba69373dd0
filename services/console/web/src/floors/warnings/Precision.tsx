import { profiling } from "../../api/client";
import { useFormats } from "../../i18n/format";
import { Chart } from "../../kit/Chart";
import { Loaded } from "../../kit/Loaded";
import type { FamilyFigures } from "./model";
import { monthsChart, monthsTable } from "./precision";
import { useText } from "./text";

const MONTHS = 12;

/** How often signals of a family were of use to those who looked at them. */
export function Precision({ family }: { family: string }) {
  const text = useText();
  const reading = profiling.useQuery("get", "/v1/signals/precision", {
    params: { query: { months: MONTHS } },
  });
  return (
    <Loaded reading={reading} lines={3}>
      {(all) => {
        const figures = all.find((each) => each.family === family);
        return figures ? <Figures figures={figures} /> : <p className="quiet">{text.no_precision}</p>;
      }}
    </Loaded>
  );
}

function Figures({ figures }: { figures: FamilyFigures }) {
  const text = useText();
  const { count, share } = useFormats();
  return (
    <>
      {figures.precision === null ? (
        <p className="quiet">{text.no_precision}</p>
      ) : (
        <p>
          <strong className="big-figure">{share(figures.precision)}</strong>{" "}
          {text.precision_said(count(figures.useful), count(figures.judged))}
          <br />
          <span className="quiet">
            {text.interval(share(figures.low), share(figures.high))} · {text.target(share(figures.target))}
          </span>
        </p>
      )}
      {figures.months.length > 0 && (
        <Chart
          label={text.chart_label}
          height={160}
          option={monthsChart(figures, text)}
          table={monthsTable(figures, text)}
        />
      )}
    </>
  );
}
