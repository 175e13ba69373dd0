import { Segmented, Typography } from "antd";
import { useModels } from "../../api/models";
import { Loaded } from "../../kit/Loaded";
import { Page } from "../../kit/Page";
import { useToday } from "../../kit/useToday";
import { useUrlState } from "../../kit/useUrlState";
import { useText } from "./text";
import { Rollbacks } from "./versions/Rollbacks";
import "./models.css";
import { standings } from "./versions/standing";
import { VersionTable } from "./versions/VersionTable";

/** All models, what judges since when, and the way back. */
export default function Versions() {
  const text = useText();
  const models = useModels();
  const today = useToday();
  const [{ show }, change] = useUrlState();
  return (
    <Page title={text.versions} lead={text.versions_lead} printable>
      <Segmented
        className="no-print models-switch"
        aria-label={text.show}
        value={show ?? "all"}
        options={[
          { value: "all", label: text.all_versions },
          { value: "in_force", label: text.only_in_force },
        ]}
        onChange={(value) => change({ show: value === "all" ? undefined : value })}
      />
      <Loaded reading={models} isEmpty={({ items }) => items.length === 0} lines={10}>
        {({ items }) => {
          const all = standings(items, today);
          return (
            <>
              <VersionTable
                rows={all.filter(({ standing }) => show !== "in_force" || standing === "in_force")}
              />
              <section aria-label={text.rollbacks} className="models-section">
                <Typography.Title level={2}>{text.rollbacks}</Typography.Title>
                <p className="quiet">{text.rollbacks_lead}</p>
                <Rollbacks versions={all} />
              </section>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
