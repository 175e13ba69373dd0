import type { Floor } from "../../app/pages";

export const floor: Floor = {
  title: "repair",
  icon: "repair",
  pages: [
    { path: "/repair/records", title: "records", load: () => import("./Records"), inMenu: true },
    { path: "/repair/objections", title: "objections", load: () => import("./Objections"), inMenu: true },
  ],
};
