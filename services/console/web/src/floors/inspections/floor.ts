import type { Floor } from "../../app/pages";

export const floor: Floor = {
  title: "inspections",
  icon: "inspections",
  pages: [
    { path: "/inspections", title: "inspections", load: () => import("./Inspections"), inMenu: true },
    { path: "/inspections/:id", title: "inspection", load: () => import("./Inspection") },
  ],
};
