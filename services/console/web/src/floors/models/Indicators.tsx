import { Input } from "antd";
import { useFormats } from "../../i18n/format";
import { Loaded } from "../../kit/Loaded";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { chosen } from "./indicators/choosing";
import { IndicatorFilters } from "./indicators/IndicatorFilters";
import { IndicatorTable } from "./indicators/IndicatorTable";
import "./models.css";
import { useIndicatorText } from "./indicators/indicatorText";
import { useIndicators, useUses } from "./reads";

/** The catalogue of indicators, and which models use each. */
export default function Indicators() {
  const text = useIndicatorText();
  const format = useFormats();
  const catalogue = useIndicators();
  const uses = useUses();
  const [filters, change] = useUrlState();
  const { data } = catalogue;
  const lead = data && text.catalogue_lead(format.count(data.indicators.length), String(data.version));
  return (
    <Page title={text.catalogue} lead={lead} printable>
      <Loaded reading={catalogue} lines={12}>
        {({ indicators }) => {
          const rows = chosen(indicators, uses, filters);
          return (
            <>
              <div className="models-filters no-print">
                <Input.Search
                  allowClear
                  aria-label={text.find_indicator}
                  placeholder={text.find_indicator}
                  defaultValue={filters.q}
                  onSearch={(q) => change({ q: q.trim() })}
                />
                <IndicatorFilters indicators={indicators} filters={filters} change={change} />
                <span className="quiet" role="status">
                  {text.shown(format.count(rows.length), format.count(indicators.length))}
                </span>
              </div>
              <IndicatorTable rows={rows} uses={uses} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
