import type { Floor } from "../../app/pages";

export const floor: Floor = {
  title: "collection",
  icon: "collection",
  pages: [
    { path: "/collection/sources", title: "sources", load: () => import("./Sources"), inMenu: true },
    { path: "/collection/files", title: "files", load: () => import("./Files"), inMenu: true },
    { path: "/collection/files/:id", title: "file", load: () => import("./File") },
    { path: "/collection/quarantine", title: "quarantine", load: () => import("./Quarantine"), inMenu: true },
    { path: "/collection/quality", title: "quality", load: () => import("./Quality"), inMenu: true },
  ],
};
