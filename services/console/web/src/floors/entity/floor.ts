import type { Floor } from "../../app/pages";

export const floor: Floor = {
  title: "entities",
  icon: "entity",
  pages: [
    { path: "/entities", title: "entities", load: () => import("./Search"), inMenu: true },
    { path: "/entities/:uscc", title: "entity", load: () => import("./Entity") },
    { path: "/entities/:uscc/compare", title: "compare", load: () => import("./Compare") },
  ],
};
