import { useIsFetching } from "@tanstack/react-query";
import { Alert, Typography } from "antd";
import { useEffect, useRef, useState } from "react";
import { useSession } from "../../app/session";
import { useFormats } from "../../i18n/format";
import type { Profile } from "./reads";
import { useSections } from "./sections";
import { useText } from "./text";

/** Every part of the page below the other, for paper: printed as soon as all of it is there. */
export function Printed({ entity }: { entity: Profile }) {
  const text = useText();
  const format = useFormats();
  const { display_name: name } = useSession();
  const [since] = useState(() => new Date().toISOString());
  const sections = useSections(entity);
  const ready = usePrintOnceReady();
  return (
    <div className="entity-printed" data-ready={ready}>
      <p className="quiet">{text.printed(name, format.moment(since))}</p>
      {!ready && <Alert type="info" showIcon className="no-print" title={text.printing} />}
      {sections.map(({ key, title, content }) => (
        <div key={key} className="entity-printed-part">
          <Typography.Title level={2}>{title}</Typography.Title>
          {content}
        </div>
      ))}
    </div>
  );
}

/** Opens the window of printing when nothing has been read for a moment. */
function usePrintOnceReady(): boolean {
  const reading = useIsFetching();
  const [ready, setReady] = useState(false);
  const printed = useRef(false);
  useEffect(() => {
    if (reading > 0 || printed.current) return;
    const wait = window.setTimeout(() => {
      printed.current = true;
      setReady(true);
      window.setTimeout(() => window.print(), 100);
    }, 800);
    return () => window.clearTimeout(wait);
  }, [reading]);
  return ready;
}
