import { Button, Input, Segmented } from "antd";
import { useState } from "react";
import { useMay, useSeesCity } from "../../app/session";
import { ProposeDialog } from "../../dialogs/ProposeDialog";
import { useWords } from "../../i18n/words";
import { AreaFilter } from "../../kit/AreaFilter";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { InterventionList } from "./interventions/InterventionList";
import { useInterventionText } from "./interventions/interventionText";
import { STATES } from "./interventions/states";
import "./models.css";

/** Classes set by people: proposed by one, approved by another, ended. */
export default function Interventions() {
  const text = useInterventionText();
  const words = useWords();
  const mayPropose = useMay("city_administrator", "area_officer");
  const seesCity = useSeesCity();
  const [{ state, uscc, area, propose }, change] = useUrlState();
  const [sought, seek] = useState(uscc ?? "");
  const find = (code: string) =>
    (code === "" || /^[0-9A-Z]{18}$/.test(code)) && change({ uscc: code || undefined });
  return (
    <Page
      title={text.title}
      lead={text.lead}
      actions={
        mayPropose && (
          <Button type="primary" onClick={() => change({ propose: "1" })}>
            {text.propose}
          </Button>
        )
      }
    >
      <div className="models-filters no-print">
        <Segmented
          aria-label={words.state}
          value={state ?? ""}
          options={[
            { value: "", label: words.all },
            ...STATES.map((value) => ({ value, label: text[value] })),
          ]}
          onChange={(value) => change({ state: value || undefined })}
        />
        {seesCity && <AreaFilter value={area} onChange={(chosen) => change({ area: chosen })} />}
        <Input.Search
          allowClear
          aria-label={text.find_entity}
          placeholder={text.find_entity}
          maxLength={18}
          value={sought}
          status={sought && !/^[0-9A-Z]{18}$/.test(sought) ? "warning" : undefined}
          onChange={({ target }) => seek(target.value.trim().toUpperCase())}
          onSearch={() => find(sought)}
        />
      </div>
      <InterventionList
        state={STATES.find((each) => each === state)}
        uscc={uscc}
        area={seesCity ? area : undefined}
      />
      <ProposeDialog
        open={mayPropose && Boolean(propose)}
        likely={uscc}
        onClose={() => change({ propose: undefined })}
      />
    </Page>
  );
}
