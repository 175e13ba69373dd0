import type { Floor } from "../../app/pages";

export const floor: Floor = {
  title: "models",
  icon: "models",
  pages: [
    { path: "/models", title: "versions", load: () => import("./Versions"), inMenu: true },
    { path: "/models/indicators", title: "indicators", load: () => import("./Indicators"), inMenu: true },
    { path: "/models/drafts", title: "drafts", load: () => import("./Drafts"), inMenu: true },
    { path: "/models/drafts/:number", title: "draft", load: () => import("./Draft") },
    {
      path: "/models/interventions",
      title: "interventions",
      load: () => import("./Interventions"),
      inMenu: true,
    },
    { path: "/models/review", title: "review", load: () => import("./Review"), inMenu: true },
    { path: "/models/:id", title: "version", load: () => import("./Version") },
  ],
};
