import { useModelName } from "../../api/models";
import { useNames } from "../../api/vocabulary";
import { useFormats } from "../../i18n/format";
import { useReasons } from "../../i18n/reasons";
import { useTeamWords } from "../../i18n/teams";
import { useStatuses } from "../../i18n/words";
import { useFactWords } from "../../kit/useFactWords";
import { useSupervisionText } from "./supervisionText";
import { useTrailFields, useTrailValues } from "./trailText";

/** How the fields of a trail's entries are told: by the words of facts, and by its own where it has some. */
export function useTrailWords() {
  const fields: Record<string, string> = useTrailFields();
  const [values, supervision] = [useTrailValues(), useSupervisionText()];
  const reasons: Record<string, string> = useReasons();
  const statuses: Record<string, string> = useStatuses();
  const teams: Record<string, string> = useTeamWords();
  const areas = useNames("areas");
  const modelName = useModelName();
  const { points } = useFormats();
  const words: Record<string, unknown> = { ...supervision, ...values };
  return useFactWords({
    field: (code) => fields[code],
    value: (code, field) => {
      if (field === "score") return points(Number(code));
      if (field === "model") return modelName(code);
      if (field === "helping_areas") return areas(code);
      if (field === "team") return teams[code];
      if (field === "reason") return reasons[code];
      if (field === "status") return statuses[code];
      const word = words[`${field}_${code}`];
      return typeof word === "string" ? word : undefined;
    },
  });
}
