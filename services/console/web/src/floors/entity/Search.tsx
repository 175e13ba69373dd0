import { Card, Flex, Select } from "antd";
import { useVocabulary } from "../../api/vocabulary";
import { useSeesCity } from "../../app/session";
import { useText as useTitles } from "../../app/text";
import { useNamed } from "../../i18n/language";
import { useStatuses } from "../../i18n/words";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { EntityList } from "./EntityList";
import { SearchBox } from "./SearchBox";
import { SearchResults } from "./SearchResults";
import { useSearchText } from "./searchText";
import { useText } from "./text";
import "./entity.css";

/** Finds an entity by what is remembered of it, or lists those of an area, a class or a state. */
export default function Search() {
  const titles = useTitles();
  const text = useSearchText();
  const [{ q = "", area, class: riskClass, status }] = useUrlState();
  return (
    <Page title={titles.entities} lead={text.lead}>
      <Card>
        <search>
          <SearchBox />
          <Filters searching={q !== ""} />
        </search>
        {q ? (
          <SearchResults q={q} area={area} />
        ) : (
          <EntityList area={area} riskClass={riskClass} status={status} />
        )}
      </Card>
    </Page>
  );
}

/** Filters of the server's lists: what is searched for is filtered by area only. */
function Filters({ searching }: { searching: boolean }) {
  const text = useSearchText();
  const words = useText();
  const statuses = useStatuses();
  const city = useSeesCity();
  const areas = useAreas();
  const classes = (["A", "B", "C", "D"] as const).map((value) => ({
    value,
    label: `${value} ${words[`class_${value}`]}`,
  }));
  const states = Object.entries(statuses).map(([value, label]) => ({ value, label }));
  return (
    <Flex gap={8} wrap="wrap" className="entity-filters no-print">
      {city && <Filter name="area" label={text.area} any={text.any_area} options={areas} />}
      {!searching && <Filter name="class" label={text.class} any={text.any_class} options={classes} />}
      {!searching && <Filter name="status" label={text.status} any={text.any_status} options={states} />}
    </Flex>
  );
}

function useAreas(): Option[] {
  const named = useNamed();
  const { data } = useVocabulary();
  return data?.areas.map((area) => ({ value: area.code, label: named(area) })) ?? [];
}

type Option = { value: string; label: string };

interface FilterProps {
  name: string;
  label: string;
  any: string;
  options: Option[];
}

function Filter({ name, label, any, options }: FilterProps) {
  const [state, change] = useUrlState();
  return (
    <Select
      className="entity-filter"
      aria-label={label}
      value={state[name] ?? ""}
      options={[{ value: "", label: any }, ...options]}
      showSearch={{ optionFilterProp: "label" }}
      onChange={(value) => change({ [name]: value })}
    />
  );
}
