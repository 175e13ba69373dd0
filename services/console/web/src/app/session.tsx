import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext } from "react";
import { actAs, isNotTheirs, meantFor, tellEnded } from "../api/back";
import { own } from "../api/own";
import { problemOf } from "../api/problem";
import { useTellProblem } from "../kit/useTellProblem";

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

/** What decides what somebody is shown, beside who they are. */
function scopeOf({ role, area, entity, platform, source }: Session): string {
  return JSON.stringify([role, area, entity, platform, source]);
}

/** This page's session from now on; what was read within another role or area is forgotten, and asked for anew. */
export function takeSession(client: QueryClient, session: Session): void {
  const before = client.getQueryData<Session | null>(KEY);
  client.setQueryData(KEY, session);
  if (before && scopeOf(before) !== scopeOf(session))
    void client.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
}

/** How to log in and out, and to choose another password. What the last person saw goes with the page. */
export function useSessionChange() {
  const client = useQueryClient();
  const tellProblem = useTellProblem();
  const send = async (path: string, told: object, headers = {}) => {
    const body = JSON.stringify(told);
    const session = await own<Session>(path, { method: "POST", body, headers, quiet: true });
    actAs(session.username);
    takeSession(client, session);
  };
  return {
    logIn: (username: string, password: string) => send("/session", { username, password }),
    choosePassword: (password: string, new_password: string) =>
      send("/session/password", { password, new_password }, meantFor()).catch(askWhoIsThere),
    logOut: () =>
      leave()
        .then((next) => window.location.assign(next))
        .catch(askWhoIsThere)
        .catch(tellProblem),
  };
}

/** What was typed stays, and waits for its person rather than being sent by itself once they are back. */
function askWhoIsThere(error: unknown): never {
  if (isNotTheirs(problemOf(error))) tellEnded();
  throw error;
}

/** Logs this page's person out, and nobody else; who leaves a session that is over is out. Answers where to go. */
async function leave(): Promise<string> {
  const asked = { method: "DELETE", headers: meantFor(), quiet: true };
  const left = await own<{ next: string } | undefined>("/session", asked).catch((error: unknown) => {
    if (problemOf(error).status !== 401) throw error;
  });
  return left?.next ?? "/";
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
