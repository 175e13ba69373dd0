import type { ComponentType } from "react";
import { floor as collection } from "../floors/collection/floor";
import { floor as entity } from "../floors/entity/floor";
import { floor as inspections } from "../floors/inspections/floor";
import { floor as models } from "../floors/models/floor";
import { floor as operations } from "../floors/operations/floor";
import { floor as outside } from "../floors/outside/floor";
import { floor as overview } from "../floors/overview/floor";
import { floor as repair } from "../floors/repair/floor";
import { floor as warnings } from "../floors/warnings/floor";
import access from "./access.json";
import type { Role } from "./session";
import type { Title } from "./text";

/** Where a page is; who may see it stands in access.json. */
export type Path = keyof typeof access;
type Load = () => Promise<{ default: ComponentType }>;

export interface PageEntry {
  path: Path;
  title: Title;
  load: Load;
  /** Whether the menu has it; the page of one thing is reached through a list. */
  inMenu?: boolean;
}

export interface Floor {
  title: Title;
  icon: string;
  pages: PageEntry[];
}

/** All floors and their pages, in the order of the menu. */
export const FLOORS: Floor[] = [
  overview,
  entity,
  warnings,
  inspections,
  repair,
  collection,
  models,
  operations,
  outside,
];

/** Every page of every floor. */
export const PAGES = FLOORS.flatMap((floor) => floor.pages);

/** Whether a role may see the page at this path. */
export function maySee(role: Role, path: Path): boolean {
  return (access[path] as string[]).includes(role);
}

/** The first page of the menu that a role may see: where it lands after logging in. */
export function homeOf(role: Role): Path {
  return PAGES.find((page) => page.inMenu && maySee(role, page.path))?.path ?? "/";
}
