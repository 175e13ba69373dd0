import type { Floor } from "../../app/pages";

export const floor: Floor = {
  title: "operations",
  icon: "operations",
  pages: [
    { path: "/operations", title: "lanes", load: () => import("./Lanes"), inMenu: true },
    {
      path: "/operations/dead-letters",
      title: "dead_letters",
      load: () => import("./DeadLetters"),
      inMenu: true,
    },
    { path: "/operations/audit", title: "audit", load: () => import("./Audit"), inMenu: true },
    { path: "/operations/access-log", title: "access_log", load: () => import("./AccessLog"), inMenu: true },
    { path: "/operations/accounts", title: "accounts", load: () => import("./Accounts"), inMenu: true },
  ],
};
