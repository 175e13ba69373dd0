import type { Floor } from "../../app/pages";

export const floor: Floor = {
  title: "warnings",
  icon: "warnings",
  pages: [
    { path: "/warnings", title: "warnings", load: () => import("./Warnings"), inMenu: true },
    { path: "/warnings/:id", title: "warning", load: () => import("./Warning") },
  ],
};
