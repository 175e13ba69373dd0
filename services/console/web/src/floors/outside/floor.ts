import type { Floor } from "../../app/pages";

export const floor: Floor = {
  title: "outside",
  icon: "outside",
  pages: [
    { path: "/my/records", title: "my_records", load: () => import("./MyRecords"), inMenu: true },
    { path: "/my/notices", title: "my_notices", load: () => import("./MyNotices"), inMenu: true },
    { path: "/my/clues", title: "my_clues", load: () => import("./MyClues"), inMenu: true },
  ],
};
