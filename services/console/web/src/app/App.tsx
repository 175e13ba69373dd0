import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as Antd, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { lazy, type ReactNode, useState } from "react";
import { createBrowserRouter, Navigate, RouterProvider } from "react-router";
import { problemOf } from "../api/problem";
import { LanguageProvider, useLanguage } from "../i18n/language";
import { Failure } from "../kit/Failure";
import { Login } from "./Login";
import { Broken, NotAllowed, NotFound } from "./Missing";
import { FirstPassword } from "./OwnPassword";
import { Elsewhere, Presence } from "./Presence";
import { homeOf, maySee, PAGES, type PageEntry } from "./pages";
import { Shell } from "./Shell";
import { type Session, SessionProvider, useSession, useSessionQuery } from "./session";
import { THEME } from "./theme";
import { Waiting } from "./Waiting";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && [0, 502, 503].includes(problemOf(error).status),
    },
  },
});

function Guarded({ page, children }: { page: PageEntry; children: ReactNode }) {
  const { role } = useSession();
  if (maySee(role, page.path)) return children;
  if (page.path === "/") return <Navigate to={homeOf(role)} replace />;
  return <NotAllowed />;
}

function routeOf(page: PageEntry) {
  const Content = lazy(page.load);
  const element = (
    <Guarded page={page}>
      <Content />
    </Guarded>
  );
  return { path: page.path, element, errorElement: <Broken /> };
}

const router = createBrowserRouter([
  { path: "/logged-in", element: <Elsewhere /> },
  {
    element: <LoggedIn />,
    children: [...PAGES.map(routeOf), { path: "*", element: <NotFound /> }],
  },
]);

/** The console for whoever is logged in, else the page to log in. */
function LoggedIn() {
  const session = useSessionQuery();
  if (session.isPending) return <Waiting />;
  if (session.error) return <Failure error={session.error} onRetry={() => void session.refetch()} />;
  if (!session.data) return <Login />;
  return <Console session={session.data} />;
}

/** All that is for whoever is logged in; once it is open it stays, whatever becomes of the session. */
function Console({ session }: { session: Session }) {
  const [open, setOpen] = useState(false);
  if (!open && !session.must_change_password) setOpen(true);
  return (
    <SessionProvider session={session}>
      {open ? <Shell /> : <FirstPassword />}
      <Presence open={open} />
    </SessionProvider>
  );
}

function Dressed() {
  const { language } = useLanguage();
  return (
    <ConfigProvider
      theme={THEME}
      locale={language === "zh" ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
    >
      <Antd>
        <RouterProvider router={router} />
      </Antd>
    </ConfigProvider>
  );
}

/** The whole page. */
export function App() {
  return (
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <Dressed />
      </LanguageProvider>
    </QueryClientProvider>
  );
}
