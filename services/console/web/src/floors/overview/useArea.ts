import { useSeesCity, useSession } from "../../app/session";
import { useUrlState } from "../../kit/useUrlState";

interface Chosen {
  /** The one area the page shows; undefined for the whole city. */
  area: string | undefined;
  /** What to ask services for: nothing where the caller's own area is all they are answered. */
  asked: string | undefined;
  /** Shows this area, or the city when it is shown already. */
  choose: (area: string | undefined) => void;
}

/** Which area the page shows: the one in the address for whoever sees the city, else the caller's own. */
export function useArea(): Chosen {
  const seesCity = useSeesCity();
  const session = useSession();
  const [state, change] = useUrlState();
  const asked = seesCity ? state.area : undefined;
  return {
    area: seesCity ? asked : (session.area ?? undefined),
    asked,
    choose: (area) => seesCity && change({ area: area === asked ? undefined : area }),
  };
}
