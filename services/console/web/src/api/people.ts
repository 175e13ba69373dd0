import { useCallback, useMemo } from "react";
import { useMay, useSession } from "../app/session";
import { sampling } from "./client";

export interface Person {
  subject: string;
  name: string;
  area: string;
}

/** Those whom work can be given to: the inspectors of the caller's area, and the caller. */
export function usePeople(): Person[] {
  const session = useSession();
  const may = !useMay("inspector");
  const inspectors = sampling.useQuery("get", "/v1/inspectors", {}, { enabled: may, staleTime: 600_000 });
  return useMemo(() => {
    const self = { subject: session.subject, name: session.display_name, area: session.area ?? "" };
    const others = (inspectors.data ?? []).map((each) => ({
      subject: each.ref,
      name: each.name || each.ref,
      area: each.area_code,
    }));
    return [self, ...others.filter((each) => each.subject !== self.subject)];
  }, [inspectors.data, session]);
}

/** A person's name for the subject of their token, or the subject where no name is known. */
export function usePersonName(): (subject: string | null | undefined) => string {
  const people = usePeople();
  return useCallback(
    (subject) => people.find((each) => each.subject === subject)?.name ?? subject ?? "—",
    [people],
  );
}
