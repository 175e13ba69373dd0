import { Card, Flex } from "antd";
import { Link } from "react-router";
import { useExplained } from "../../dialogs/reads";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { Loaded, Nothing } from "../../kit/Loaded";
import { Account } from "./Account";
import { useClassText } from "./classText";
import { Decisions } from "./Decisions";
import { Improve } from "./Improve";
import { Indicators } from "./Indicators";
import { Months } from "./Months";
import { Part } from "./Part";
import { type Explained, useClassRow } from "./reads";
import { Sectors } from "./Sectors";
import { useText } from "./text";
import { Views } from "./Views";

/** The class with its reasons, what would better it, and how it came to be. */
export function ClassSection({ uscc }: { uscc: string }) {
  const text = useText();
  const row = useClassRow(uscc);
  return (
    <Loaded reading={row} lines={10}>
      {(found) => (found ? <Judged uscc={uscc} /> : <Nothing hint={text.no_class_hint} />)}
    </Loaded>
  );
}

function Judged({ uscc }: { uscc: string }) {
  const text = useClassText();
  const explained = useExplained(uscc);
  return (
    <div className="grid entity-stack">
      <div className="entity-columns">
        <div className="grid">
          <Loaded reading={explained} lines={12}>
            {(found) => (
              <>
                <Told explained={found} />
                <Account account={found} model={found.model} />
              </>
            )}
          </Loaded>
        </div>
        <div className="grid">
          <Improve uscc={uscc} />
          {explained.data && (
            <Part title={text.views}>
              <Views parts={explained.data.parts} />
            </Part>
          )}
          <Months uscc={uscc} />
        </div>
      </div>
      {explained.data && (
        <Indicators
          lines={explained.data.indicators}
          dimensions={explained.data.parts.dimensions}
          uscc={uscc}
        />
      )}
      {explained.data && <Sectors sectors={explained.data.sectors} uscc={uscc} />}
      <Decisions uscc={uscc} />
    </div>
  );
}

/** The service's own sentence on the class, and what it was made of. */
function Told({ explained }: { explained: Explained }) {
  const text = useClassText();
  const named = useNamed();
  const format = useFormats();
  return (
    <Card>
      <p className="entity-sentence" data-testid="class-sentence">
        {named({ zh: explained.sentence_zh, en: explained.sentence_en })}
      </p>
      <Flex gap={12} wrap="wrap" className="quiet">
        <span>{text.based_on(format.moment(explained.recorded_at))}</span>
        <span>
          {text.coverage} {format.share(explained.coverage)}
        </span>
        <Link to={`?tab=timeline&known=${encodeURIComponent(explained.recorded_at)}`}>
          {text.evidence_all}
        </Link>
      </Flex>
    </Card>
  );
}
