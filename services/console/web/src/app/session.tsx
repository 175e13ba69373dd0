import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext } from "react";
import { actAs } from "../api/back";
import { own } from "../api/own";
import { problemOf } from "../api/problem";

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
  /** Whether the password is kept here, and not by an identity provider. */
  built_in: boolean;
  /** Whether the password was given by somebody else: nothing is done before the person has chosen one. */
  must_change_password: boolean;
}

const KEY = ["session"];
const Current = createContext<Session | null>(null);

/** The session, or null: the console answers 204 where nobody is logged in. */
async function read(): Promise<Session | null> {
  const session = await own<Session | undefined>("/session", { quiet: true });
  if (session) actAs(session.username);
  return session ?? null;
}

/** Who this page is for, from when it was opened or they logged in: null is nobody yet. */
export function useSessionQuery() {
  return useQuery({ queryKey: KEY, queryFn: read, staleTime: Number.POSITIVE_INFINITY, retry: false });
}

/** How to log in and out, and to choose another password. What the last person saw goes with the page. */
export function useSessionChange() {
  const client = useQueryClient();
  const send = async (path: string, told: object) => {
    const session = await own<Session>(path, { method: "POST", body: JSON.stringify(told), quiet: true });
    actAs(session.username);
    client.setQueryData(KEY, session);
  };
  return {
    logIn: (username: string, password: string) => send("/session", { username, password }),
    choosePassword: (password: string, new_password: string) =>
      send("/session/password", { password, new_password }),
    logOut: async () => {
      const left = await own<{ next: string } | undefined>("/session", {
        method: "DELETE",
        quiet: true,
      }).catch(whenOver);
      window.location.assign(left?.next ?? "/");
    },
  };
}

/** Who logs out of a session that is over is out. */
function whenOver(error: unknown): undefined {
  if (problemOf(error).status !== 401) throw error;
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
