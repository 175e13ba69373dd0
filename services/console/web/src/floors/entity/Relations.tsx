import { type TableProps, Tag, Tooltip } from "antd";
import { useNavigate } from "react-router";
import { profiling } from "../../api/client";
import type { components } from "../../api/generated/profiling";
import { useNames } from "../../api/vocabulary";
import { useSeesCity, useSession } from "../../app/session";
import { useStatuses, useWords, wordFor } from "../../i18n/words";
import { Chart } from "../../kit/Chart";
import { DataTable } from "../../kit/DataTable";
import { EntityLink } from "../../kit/EntityLink";
import { Loaded } from "../../kit/Loaded";
import { Part } from "./Part";
import type { Profile } from "./reads";
import { graphOption, heightOf, once } from "./relationGraph";
import { useRelationText } from "./relationText";

type Related = components["schemas"]["Related"];

/** Entities that share a person, an address or the like, as a graph and as a list. */
export function Relations({ entity }: { entity: Profile }) {
  const text = useRelationText();
  const reading = profiling.useQuery("get", "/v1/entities/{uscc}/relations", {
    params: { path: { uscc: entity.uscc } },
  });
  return (
    <Loaded reading={reading} lines={8} isEmpty={(ties) => ties.length === 0} emptyHint={text.none}>
      {(ties) => (
        <div className="entity-columns">
          <Graph entity={entity} ties={ties} />
          <List ties={ties} />
        </div>
      )}
    </Loaded>
  );
}

/** Whether the caller may open the page of an entity: one of another area is only named to them. */
function useReaches(): (related: Related) => boolean {
  const city = useSeesCity();
  const { area } = useSession();
  return (related) => city || related.area_code === area;
}

function Graph({ entity, ties }: { entity: Profile; ties: Related[] }) {
  const text = useRelationText();
  const navigate = useNavigate();
  const reaches = useReaches();
  const word = (kind: string) => wordFor(text, `kind_${kind}`);
  const option = graphOption(entity, once(ties), { kind: word, risky: text.risky });
  const open = (uscc: string) => {
    const tie = ties.find((each) => each.uscc === uscc);
    if (tie && reaches(tie)) void navigate(`/entities/${uscc}`);
  };
  return (
    <Part title={text.graph}>
      <Chart
        label={text.graph_label}
        option={option}
        height={heightOf(once(ties))}
        onPick={({ name }) => open(name)}
        table={{
          columns: [text.shared, text.list],
          rows: ties.map((tie) => [word(tie.kind), tie.name || tie.uscc]),
        }}
      />
    </Part>
  );
}

function List({ ties }: { ties: Related[] }) {
  const text = useRelationText();
  return (
    <Part title={text.list}>
      <DataTable<Related>
        rowKey={({ kind, uscc }) => `${kind}|${uscc}`}
        columns={useColumns()}
        dataSource={ties}
      />
    </Part>
  );
}

function useColumns(): TableProps<Related>["columns"] {
  const text = useRelationText();
  const words = useWords();
  const statuses = useStatuses();
  const areas = useNames("areas");
  const reaches = useReaches();
  return [
    { title: text.shared, render: (_, row) => wordFor(text, `kind_${row.kind}`) },
    {
      title: words.entity,
      render: (_, row) =>
        reaches(row) ? (
          <EntityLink uscc={row.uscc} name={row.name} />
        ) : (
          <Tooltip title={text.outside}>{row.name || row.uscc}</Tooltip>
        ),
    },
    { title: words.area, render: (_, row) => areas(row.area_code) },
    {
      title: text.status,
      render: (_, row) => (
        <>
          {wordFor(statuses, row.status)}{" "}
          {row.is_risky && (
            <Tooltip title={text.risky_hint}>
              <Tag color="error">{text.risky}</Tag>
            </Tooltip>
          )}
        </>
      ),
    },
  ];
}
