import { classification } from "../../api/client";
import { Loaded } from "../../kit/Loaded";
import { useUrlState } from "../../kit/useUrlState";
import { Panel } from "./Panel";
import { SectorDetail } from "./SectorDetail";
import { SectorTable } from "./SectorTable";
import { useOverviewText } from "./text";
import { useArea } from "./useArea";

/** The five sectors side by side, and the four analyses of the one that is chosen. */
export function Sectors() {
  const text = useOverviewText();
  const [state, change] = useUrlState();
  const { asked } = useArea();
  const reading = classification.useQuery("get", "/v1/statistics/sectors", {
    params: { query: { area: asked } },
  });
  return (
    <Panel title={text.sectors} className="sectors" extra={<span className="quiet">{text.sector_hint}</span>}>
      <Loaded reading={reading} isEmpty={({ sectors }) => sectors.length === 0} lines={8}>
        {({ sectors }) => {
          const chosen = sectors.find(({ sector }) => sector === state.sector) ?? sectors[0];
          return (
            <>
              <SectorTable
                sectors={sectors}
                chosen={chosen?.sector}
                choose={(sector) => change({ sector: sector === sectors[0]?.sector ? undefined : sector })}
              />
              {chosen && <SectorDetail key={chosen.sector} sector={chosen} />}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
