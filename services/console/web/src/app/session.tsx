import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect } from "react";
import { SESSION_ENDED } from "../api/client";
import { own } from "../api/own";

/** What a caller is to the system, as `httpapi.identity.Role` names it. */
export type Role =
  | "city_administrator"
  | "area_officer"
  | "inspector"
  | "repair_officer"
  | "model_manager"
  | "approver"
  | "auditor"
  | "enterprise"
  | "platform"
  | "source_system";

export interface Session {
  username: string;
  display_name: string;
  /** Who the services take the caller for: the `sub` of their token. */
  subject: string;
  role: Role;
  area: string | null;
  entity: string | null;
  platform: string | null;
  source: string | null;
  expires_at: string;
}

const KEY = ["session"];
const Current = createContext<Session | null>(null);

/** The session, or null: the console answers 204 where nobody is logged in. */
async function read(): Promise<Session | null> {
  return (await own<Session | undefined>("/session")) ?? null;
}

/** Who is logged in: null is nobody; the answer is asked again when an API says the session has ended. */
export function useSessionQuery() {
  const client = useQueryClient();
  useEffect(() => {
    const ended = () => client.setQueryData(KEY, null);
    window.addEventListener(SESSION_ENDED, ended);
    return () => window.removeEventListener(SESSION_ENDED, ended);
  }, [client]);
  return useQuery({ queryKey: KEY, queryFn: read, staleTime: Number.POSITIVE_INFINITY, retry: false });
}

/** How to log in and out: whatever the last person saw is forgotten. */
export function useSessionChange() {
  const client = useQueryClient();
  const become = (session: Session | null) => {
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
    client.setQueryData(KEY, session);
  };
  return {
    logIn: async (username: string, password: string) => {
      const body = JSON.stringify({ username, password });
      become(await own<Session>("/session", { method: "POST", body, quiet: true }));
    },
    logOut: async () => {
      await own<void>("/session", { method: "DELETE", quiet: true });
      become(null);
    },
  };
}

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <Current.Provider value={session}>{children}</Current.Provider>;
}

/** The one who is logged in; only inside the shell, where there is one. */
export function useSession(): Session {
  const session = useContext(Current);
  if (session === null) throw new Error("useSession needs a SessionProvider above it");
  return session;
}

/** Whether the one who is logged in has one of these roles; what they may not do is not offered to them. */
export function useMay(...roles: Role[]): boolean {
  return roles.includes(useSession().role);
}

/** Whether they see the whole city (its code is 510100) and not one area. */
export function useSeesCity(): boolean {
  return useSession().area === "510100";
}
