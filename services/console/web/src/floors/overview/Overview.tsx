import { Button } from "antd";
import { profiling } from "../../api/client";
import { useLive } from "../../api/live";
import { useNames } from "../../api/vocabulary";
import { useText } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { Page } from "../../kit/Page";
import { AreaMap } from "./AreaMap";
import { Classes } from "./Classes";
import "./overview.css";
import { Sectors } from "./Sectors";
import { Stages } from "./Stages";
import { deadLettersOf, type LiveStages } from "./stages";
import { useOverviewText } from "./text";
import { useArea } from "./useArea";
import { Work } from "./Work";

/** The landing page: what waits for the caller, how the loop turns, and the city by class, area and sector. */
export default function Overview() {
  const titles = useText();
  const text = useOverviewText();
  const areaName = useNames("areas");
  const { day } = useFormats();
  const { area, asked, choose } = useArea();
  const live: LiveStages = useLive("/live/stages", "stages");
  const today = profiling.useQuery("get", "/v1/business-day").data?.day;
  const scope = text.showing(area ? areaName(area) : text.of_city);
  const back = asked && <Button onClick={() => choose(undefined)}>{text.whole_city}</Button>;
  return (
    <Page title={titles.overview} lead={`${text.lead(day(today))} · ${scope}`} actions={back} printable>
      <div className="overview">
        <Work deadLetters={deadLettersOf(live.newest?.stages)} />
        <Stages live={live} />
        <AreaMap />
        <Classes />
        <Sectors />
      </div>
    </Page>
  );
}
