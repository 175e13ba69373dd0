import {
  KeyOutlined,
  LogoutOutlined,
  MenuOutlined,
  TranslationOutlined,
  UserOutlined,
} from "@ant-design/icons";
import { Button, Drawer, Dropdown, Flex, Grid, Input, Layout, Menu, type MenuProps } from "antd";
import { Suspense, useState } from "react";
import { Link, Outlet, useLocation, useNavigate } from "react-router";
import { useNames } from "../api/vocabulary";
import { useLanguage } from "../i18n/language";
import { useRoles, useWords } from "../i18n/words";
import { useReachableTables } from "../kit/useReachableTables";
import { useScrollMemory } from "../kit/useScrollMemory";
import { ICONS } from "./icons";
import { OwnPasswordDialog } from "./OwnPassword";
import { FLOORS, homeOf, maySee, PAGES } from "./pages";
import { type Role, useSession, useSessionChange } from "./session";
import { useText } from "./text";
import { Waiting } from "./Waiting";

/** What surrounds every page: menu, search, language, and who is logged in. */
export function Shell() {
  const text = useText();
  useReachableTables();
  useScrollMemory();
  const wide = Grid.useBreakpoint().lg ?? true;
  const [menuOpen, setMenuOpen] = useState(false);
  const { pathname } = useLocation();
  return (
    <Layout className="shell">
      <a href="#content" className="skip-link">
        {text.skip}
      </a>
      {wide ? (
        <Layout.Sider width={196} className="no-print">
          <Brand />
          <Navigation />
        </Layout.Sider>
      ) : (
        <Drawer
          title={<Brand />}
          placement="left"
          size={260}
          open={menuOpen}
          onClose={() => setMenuOpen(false)}
        >
          <Navigation onGone={() => setMenuOpen(false)} />
        </Drawer>
      )}
      <Layout>
        <Layout.Header className="head no-print">
          {!wide && (
            <Button icon={<MenuOutlined />} aria-label={text.menu} onClick={() => setMenuOpen(true)} />
          )}
          <FindEntity />
          <Person />
        </Layout.Header>
        <Layout.Content id="content" tabIndex={-1} className="content">
          <Suspense key={pathname} fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        </Layout.Content>
      </Layout>
    </Layout>
  );
}

function Brand() {
  const words = useWords();
  const { role } = useSession();
  return (
    <Link to={homeOf(role)} className="brand">
      <img src="/icon.svg" alt="" width={26} height={26} />
      {words.product}
    </Link>
  );
}

type Entries = NonNullable<MenuProps["items"]>;

/** The menu's entries a role may see; a floor of one page is that page. */
function entriesFor(role: Role, text: Record<string, unknown>): Entries {
  return FLOORS.flatMap(({ title, icon, pages }): Entries => {
    const seen = pages.filter((page) => page.inMenu && maySee(role, page.path));
    const links = seen.map((page) => ({
      key: page.path,
      label: <Link to={page.path}>{String(text[page.title])}</Link>,
    }));
    if (links.length < 2) return links.map((link) => ({ ...link, icon: ICONS[icon] }));
    return [{ key: title, icon: ICONS[icon], label: String(text[title]), children: links }];
  });
}

function Navigation({ onGone }: { onGone?: () => void }) {
  const text = useText();
  const { role } = useSession();
  const { pathname } = useLocation();
  const paths = PAGES.filter((page) => page.inMenu).map((page) => page.path);
  const here = paths
    .filter((path) => pathname === path || (path !== "/" && pathname.startsWith(`${path}/`)))
    .sort((one, other) => other.length - one.length)[0];
  return (
    <nav aria-label={text.navigation}>
      <Menu
        mode="inline"
        items={entriesFor(role, text)}
        selectedKeys={here ? [here] : []}
        defaultOpenKeys={FLOORS.filter(({ pages }) => pages.some(({ path }) => path === here)).map(
          ({ title }) => title,
        )}
        onClick={onGone}
      />
    </nav>
  );
}

function FindEntity() {
  const text = useText();
  const navigate = useNavigate();
  const { role } = useSession();
  if (!maySee(role, "/entities")) return <span className="find" />;
  return (
    <Input.Search
      className="find"
      placeholder={text.find_entity}
      aria-label={text.find_entity}
      onSearch={(q) => void navigate(`/entities?q=${encodeURIComponent(q.trim())}`)}
    />
  );
}

function Person() {
  const text = useText();
  const roles = useRoles();
  const areaName = useNames("areas");
  const session = useSession();
  const { logOut } = useSessionChange();
  const { language, choose } = useLanguage();
  const [choosing, setChoosing] = useState(false);
  const place = session.area ? ` · ${areaName(session.area)}` : "";
  const items = [
    { key: "who", label: `${session.display_name}（${roles[session.role]}${place}）`, disabled: true },
    ...(session.built_in
      ? [
          {
            key: "password",
            icon: <KeyOutlined />,
            label: text.own_password,
            onClick: () => setChoosing(true),
          },
        ]
      : []),
    { key: "out", icon: <LogoutOutlined />, label: text.log_out, onClick: () => void logOut() },
  ];
  return (
    <Flex gap={4} align="center">
      <Button
        type="text"
        icon={<TranslationOutlined />}
        lang={language === "zh" ? "en" : "zh-CN"}
        onClick={() => choose(language === "zh" ? "en" : "zh")}
      >
        {text.language}
      </Button>
      <Dropdown menu={{ items }} trigger={["click"]}>
        <Button type="text" icon={<UserOutlined />} className="who" aria-label={session.display_name}>
          {session.display_name}
        </Button>
      </Dropdown>
      {choosing && <OwnPasswordDialog close={() => setChoosing(false)} />}
    </Flex>
  );
}
