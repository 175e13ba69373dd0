import { Collapse, Flex } from "antd";
import { useModelName } from "../../api/models";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { ClassTag } from "../../kit/ClassTag";
import { useUrlState } from "../../kit/useUrlState";
import { Account } from "./Account";
import { useClassText } from "./classText";
import { Indicators } from "./Indicators";
import { Part } from "./Part";
import type { Explained } from "./reads";
import { Views } from "./Views";

type Sector = Explained["sectors"][number];

/** The class in each sector the entity works in; the reasons of one are opened on demand. */
export function Sectors({ sectors, uscc }: { sectors: Sector[]; uscc: string }) {
  const text = useClassText();
  const named = useNamed();
  const [{ print, sector = "" }, change] = useUrlState();
  if (sectors.length === 0) return null;
  return (
    <Part title={text.sector_classes}>
      <Collapse
        activeKey={print === "1" ? sectors.map((each) => each.sector) : sector.split(",")}
        onChange={(keys) => change({ sector: keys.join(",") })}
        items={sectors.map((each) => ({
          key: each.sector,
          label: <Label sector={each} />,
          children: (
            <div className="grid">
              <p className="entity-sentence">{named({ zh: each.sentence_zh, en: each.sentence_en })}</p>
              <div className="entity-columns">
                <Account account={each} model={each.model} />
                <Part title={text.views}>
                  <Views parts={each.parts} />
                </Part>
              </div>
              <Indicators lines={each.indicators} dimensions={each.parts.dimensions} uscc={uscc} />
            </div>
          ),
        }))}
      />
    </Part>
  );
}

function Label({ sector }: { sector: Sector }) {
  const text = useClassText();
  const named = useNamed();
  const { points } = useFormats();
  const modelName = useModelName();
  return (
    <Flex gap={10} wrap="wrap" align="center">
      <b>{named(sector)}</b>
      <ClassTag value={sector.risk_class} />
      <span>{named({ zh: sector.level_zh, en: sector.level_en })}</span>
      <span>
        {text.score} <b>{points(sector.score)}</b>
      </span>
      <span className="quiet">
        {text.sector_scale(points(sector.lowest), points(sector.highest))} · {modelName(sector.model)}
      </span>
    </Flex>
  );
}
