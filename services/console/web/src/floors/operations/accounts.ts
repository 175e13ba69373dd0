import type { Role } from "../../app/session";

/** A built-in account, as the console tells it; never with its password. */
export interface Account {
  username: string;
  subject: string;
  display_name: string;
  role: Role;
  area: string | null;
  entity: string | null;
  platform: string | null;
  source: string | null;
  disabled: boolean;
  /** Whether its password was given, for one login. */
  must_change_password: boolean;
  created_at: string;
  password_set_at: string;
}

/** What an account of a role names: nothing where the whole city is meant anyhow. */
export type Scope = "area" | "entity" | "platform" | "source" | null;

export const ROLES: Role[] = [
  "city_administrator",
  "area_officer",
  "inspector",
  "repair_officer",
  "model_manager",
  "approver",
  "auditor",
  "enterprise",
  "platform",
  "source_system",
];

const SCOPES: Partial<Record<Role, Scope>> = {
  area_officer: "area",
  inspector: "area",
  repair_officer: "area",
  enterprise: "entity",
  platform: "platform",
  source_system: "source",
};

/** What has to be named for an account of this role. */
export function scopeOf(role: Role | undefined): Scope {
  return (role && SCOPES[role]) ?? null;
}

const LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const GROUPS = 4;
const GROUP = 5;

/** A password of four groups of five characters that are not mistaken for one another; `draw` gives bytes of chance. */
export function newPassword(draw: (count: number) => Uint8Array): string {
  const fair = 256 - (256 % LETTERS.length);
  let letters = "";
  while (letters.length < GROUPS * GROUP) {
    for (const byte of draw(GROUPS * GROUP)) if (byte < fair) letters += LETTERS[byte % LETTERS.length];
  }
  const groups = Array.from({ length: GROUPS }, (_, at) => letters.slice(at * GROUP, (at + 1) * GROUP));
  return groups.join("-");
}

/** Bytes of chance of the browser's own. */
export function chance(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
