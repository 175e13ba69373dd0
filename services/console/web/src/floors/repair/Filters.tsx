import { Button, Flex, Input, Select } from "antd";
import { repair } from "../../api/client";
import { useSeesCity } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { AreaFilter } from "../../kit/AreaFilter";
import { countOf, KINDS, TIERS } from "./model";
import { useText } from "./text";

interface Props {
  state: Record<string, string>;
  change: (changes: Record<string, string | undefined>) => void;
}

const NAMES = ["state", "kind", "tier", "area", "uscc"];

/** How many open records of each kind there are, each a way to list them; and what else the list is limited to. */
export function Filters({ state, change }: Props) {
  const text = useText();
  const words = useWords();
  const seesCity = useSeesCity();
  const used = NAMES.some((name) => state[name]);
  return (
    <>
      <Kinds state={state} change={change} />
      <Flex gap={8} wrap className="filters stack no-print" role="search" aria-label={words.search}>
        <Select
          className="filter"
          aria-label={words.state}
          value={state.state ?? "open"}
          options={(["open", "stopped", "all"] as const).map((value) => ({
            value,
            label: value === "open" ? text.in_effect : text[`state_${value}`],
          }))}
          onChange={(value: string) => change({ state: value === "open" ? undefined : value })}
        />
        <Choice {...{ state, change }} name="kind" label={text.kind} values={KINDS} />
        <Choice {...{ state, change }} name="tier" label={text.tier} values={TIERS} />
        {seesCity && <AreaFilter value={state.area} onChange={(area) => change({ area })} />}
        <Input.Search
          key={state.uscc ?? ""}
          allowClear
          className="filter wide"
          aria-label={text.uscc_filter}
          placeholder={text.uscc_filter}
          defaultValue={state.uscc}
          onSearch={(value) => change({ uscc: value.trim().toUpperCase() || undefined })}
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
    </>
  );
}

function Kinds({ state, change }: Props) {
  const text = useText();
  const { count } = useFormats();
  const query = { area: state.area || undefined };
  const { data } = repair.useQuery("get", "/v1/statistics", { params: { query } } as never);
  return (
    <div className="figures stack">
      {KINDS.map((kind) => {
        const picked = state.kind === kind;
        return (
          <button
            key={kind}
            type="button"
            className="figure"
            aria-pressed={picked}
            onClick={() => change({ kind: picked ? undefined : kind, state: undefined })}
          >
            <span className="quiet">
              {text[`kind_${kind}`]} · {text.in_effect}
            </span>
            <strong>{data ? count(countOf(data, kind, "open")) : "…"}</strong>
          </button>
        );
      })}
    </div>
  );
}

interface ChoiceProps extends Props {
  name: "kind" | "tier";
  label: string;
  values: readonly string[];
}

function Choice({ state, change, name, label, values }: ChoiceProps) {
  const text = useText() as unknown as Record<string, string>;
  return (
    <Select
      allowClear
      className="filter"
      aria-label={label}
      placeholder={label}
      value={state[name]}
      options={values.map((value) => ({ value, label: text[`${name}_${value}`] }))}
      onChange={(value?: string) => change({ [name]: value })}
    />
  );
}
