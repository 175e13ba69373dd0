import { Input, Select } from "antd";
import { useModelName, useModels } from "../../../api/models";
import { useNames, useVocabulary } from "../../../api/vocabulary";
import { useSeesCity } from "../../../app/session";
import { useWords } from "../../../i18n/words";
import { usePeriod } from "./period";
import { useReviewText } from "./reviewText";

/** The days of visits, and the area, sector and version that figures are limited to; or the area alone. */
export function Filters({ areaOnly }: { areaOnly: boolean }) {
  const text = useReviewText();
  const words = useWords();
  const seesCity = useSeesCity();
  const [period, change] = usePeriod();
  const { data } = useVocabulary();
  const areaName = useNames("areas");
  const sectorName = useNames("sectors");
  const models = useModels().data?.items ?? [];
  const modelName = useModelName();
  const areas = seesCity ? [["area", words.area, options(data?.areas, areaName)] as const] : [];
  const others = [
    ["sector", words.sector, options(data?.sectors, sectorName)] as const,
    ["model", text.model, models.map(({ id }) => ({ value: id, label: modelName(id) }))] as const,
  ];
  const day = (name: "since" | "until", label: string, limits: { min?: string; max?: string }) => (
    <span className="models-field">
      <span>{label}</span>
      <Input
        type="date"
        aria-label={label}
        value={period[name] ?? ""}
        {...limits}
        onChange={({ target }) => change({ [name]: target.value || undefined })}
      />
    </span>
  );
  return (
    <div className="models-filters no-print">
      {!areaOnly && day("since", text.since, { max: period.until })}
      {!areaOnly && day("until", text.until, { min: period.since })}
      {[...areas, ...(areaOnly ? [] : others)].map(([name, label, among]) => (
        <Select
          key={name}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          aria-label={label}
          placeholder={label}
          popupMatchSelectWidth={false}
          value={period[name]}
          options={among}
          onChange={(value?: string) => change({ [name]: value })}
        />
      ))}
    </div>
  );
}

function options(named: { code: string }[] | undefined, name: (code: string) => string) {
  return (named ?? []).map(({ code }) => ({ value: code, label: name(code) }));
}
