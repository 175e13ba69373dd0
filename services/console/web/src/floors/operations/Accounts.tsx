import { PlusOutlined } from "@ant-design/icons";
import { Button, Flex, type TableProps, Tag } from "antd";
import { useState } from "react";
import { own } from "../../api/own";
import { useNames } from "../../api/vocabulary";
import { useSession } from "../../app/session";
import { useText } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { useRoles, useWords } from "../../i18n/words";
import { type CursorPage, CursorTable } from "../../kit/CursorTable";
import { Page } from "../../kit/Page";
import { type Account, scopeOf } from "./accounts";
import { useAccountsText } from "./accountsText";
import { EditAccount } from "./EditAccount";
import { NewAccount } from "./NewAccount";
import { type Shown, ShownOnce } from "./ShownOnce";
import { ACCOUNTS, useAccountActs } from "./useAccountActs";

type Open = { making: true } | { editing: Account } | null;

async function read(cursor: string | undefined) {
  const query = new URLSearchParams({ limit: "100", ...(cursor ? { cursor } : {}) });
  return { data: await own<CursorPage<Account>>(`/accounts?${query}`) };
}

/** Who may log in by a password kept here. */
export default function Accounts() {
  const titles = useText();
  const text = useAccountsText();
  const [open, setOpen] = useState<Open>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const columns = useColumns((editing) => setOpen({ editing }), setShown);
  const close = () => setOpen(null);
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen({ making: true })}>
      {text.add}
    </Button>
  );
  return (
    <Page title={titles.accounts} lead={text.lead} actions={add}>
      <CursorTable<Account>
        label={titles.accounts}
        listKey={ACCOUNTS}
        read={read}
        rowKey="username"
        columns={columns}
        emptyHint={text.none}
      />
      {open && "making" in open && <NewAccount close={close} show={setShown} />}
      {open && "editing" in open && <EditAccount account={open.editing} close={close} />}
      {shown && <ShownOnce shown={shown} close={() => setShown(null)} />}
    </Page>
  );
}

function useColumns(edit: (account: Account) => void, show: (shown: Shown) => void) {
  const text = useAccountsText();
  const words = useWords();
  const roles = useRoles();
  const { day } = useFormats();
  const belongs = useBelonging();
  const columns: TableProps<Account>["columns"] = [
    { title: text.username, dataIndex: "username" },
    { title: text.display_name, dataIndex: "display_name" },
    { title: text.role, dataIndex: "role", render: (role: Account["role"]) => roles[role] },
    { title: text.belongs, key: "belongs", render: (_, account) => belongs(account) },
    { title: words.state, key: "state", render: (_, account) => <State account={account} /> },
    { title: text.created, dataIndex: "created_at", render: day },
    { title: text.password_set, dataIndex: "password_set_at", render: day },
    {
      title: words.actions,
      key: "actions",
      render: (_, account) => <Actions account={account} edit={edit} show={show} />,
    },
  ];
  return columns;
}

/** The area, entity, platform or source an account is for. */
function useBelonging() {
  const areaName = useNames("areas");
  return (account: Account) => {
    const scope = scopeOf(account.role);
    if (scope === null || scope === "area") return areaName(account.area);
    return account[scope] ?? "—";
  };
}

function State({ account }: { account: Account }) {
  const text = useAccountsText();
  if (account.disabled) return <Tag color="error">{text.disabled}</Tag>;
  if (account.must_change_password) return <Tag color="warning">{text.given}</Tag>;
  return <Tag color="success">{text.enabled}</Tag>;
}

interface ActionsProps {
  account: Account;
  edit: (account: Account) => void;
  show: (shown: Shown) => void;
}

function Actions({ account, edit, show }: ActionsProps) {
  const text = useAccountsText();
  const { username } = useSession();
  const { disable, enable, reset } = useAccountActs();
  const named = (what: string) => `${what} ${account.username}`;
  if (account.username === username) return <span className="quiet">{text.self}</span>;
  return (
    <Flex gap={4} className="no-print">
      <Button size="small" aria-label={named(text.edit)} onClick={() => edit(account)}>
        {text.edit}
      </Button>
      <Button size="small" aria-label={named(text.reset)} onClick={() => void reset(account, show)}>
        {text.reset}
      </Button>
      {account.disabled ? (
        <Button size="small" aria-label={named(text.enable)} onClick={() => void enable(account)}>
          {text.enable}
        </Button>
      ) : (
        <Button size="small" danger aria-label={named(text.disable)} onClick={() => void disable(account)}>
          {text.disable}
        </Button>
      )}
    </Flex>
  );
}
