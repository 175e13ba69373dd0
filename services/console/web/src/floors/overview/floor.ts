import type { Floor } from "../../app/pages";

export const floor: Floor = {
  title: "overview",
  icon: "overview",
  pages: [{ path: "/", title: "overview", load: () => import("./Overview"), inMenu: true }],
};
