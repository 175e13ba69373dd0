import { Button, Flex, Select } from "antd";
import { usePeople } from "../../api/people";
import { useVocabulary } from "../../api/vocabulary";
import { useSeesCity } from "../../app/session";
import { useNamed } from "../../i18n/language";
import { useWords } from "../../i18n/words";
import { useText } from "./text";
import { useFamilies } from "./useFamilies";

interface Props {
  state: Record<string, string>;
  change: (changes: Record<string, string | undefined>) => void;
}

const OVERDUE = "0";
const WITHIN = { due_3: "4", due_7: "8", due_30: "31" } as const;
const NAMES = ["family", "severity", "sector", "area", "due", "assignee"];

interface One extends Props {
  name: string;
  label: string;
  options: { value: string; label: string }[];
  disabled?: boolean;
}

function Filter({ state, change, name, label, options, disabled }: One) {
  return (
    <Select
      allowClear
      className="filter"
      aria-label={label}
      placeholder={label}
      value={state[name]}
      disabled={disabled}
      options={options}
      popupMatchSelectWidth={false}
      showSearch={{ optionFilterProp: "label" }}
      onChange={(value?: string) => change({ [name]: value })}
    />
  );
}

/** What the queue is limited to; kept in the address. */
export function Filters(props: Props) {
  const { state, change } = props;
  const text = useText();
  const words = useWords();
  const named = useNamed();
  const seesCity = useSeesCity();
  const { data } = useVocabulary();
  const options = useOptions();
  const coded = (rows: readonly { code: string; zh: string; en: string }[] = []) =>
    rows.map((each) => ({ value: each.code, label: named(each) }));
  const used = NAMES.some((name) => state[name]);
  return (
    <Flex gap={8} wrap className="filters no-print" role="search" aria-label={words.search}>
      <Filter {...props} name="family" label={text.family} options={options.families} />
      <Filter {...props} name="severity" label={text.severity} options={options.severities} />
      <Filter {...props} name="sector" label={text.sector} options={coded(data?.sectors)} />
      {seesCity && <Filter {...props} name="area" label={words.area} options={coded(data?.areas)} />}
      <Filter {...props} name="due" label={text.due} options={options.dues} />
      <Filter
        {...props}
        name="assignee"
        label={text.assignee}
        options={options.assignees}
        disabled={state.tab === "mine"}
      />
      {used && (
        <Button
          type="link"
          onClick={() => change(Object.fromEntries(NAMES.map((name) => [name, undefined])))}
        >
          {text.reset}
        </Button>
      )}
    </Flex>
  );
}

function useOptions() {
  const text = useText();
  const named = useNamed();
  const families = useFamilies();
  const people = usePeople();
  return {
    families: [...families.values()].map((each) => ({ value: each.code, label: named(each) })),
    severities: (["alarm", "warning", "notice"] as const).map((value) => ({ value, label: text[value] })),
    dues: [
      { value: OVERDUE, label: text.due_overdue },
      ...(Object.keys(WITHIN) as (keyof typeof WITHIN)[]).map((key) => ({
        value: WITHIN[key],
        label: text[key],
      })),
    ],
    assignees: [
      { value: "-", label: text.nobody },
      ...people.map((each) => ({ value: each.subject, label: each.name })),
    ],
  };
}
