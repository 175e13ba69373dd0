import { App } from "antd";
import { own } from "../../api/own";
import { useWords } from "../../i18n/words";
import { useAct, useAskReason } from "../../kit/useAct";
import { type Account, chance, newPassword } from "./accounts";
import { useAccountsText } from "./accountsText";
import type { Shown } from "./ShownOnce";

/** The list of accounts, read anew after each change. */
export const ACCOUNTS = ["accounts"] as const;

const LONGEST = 1000;

/** Sends to one of the console's own routes and answers as `useAct` takes it; a problem is thrown. */
export async function sendOwn(path: string, method: "POST" | "PATCH", body: object) {
  await own<unknown>(path, { method, body: JSON.stringify(body) });
  return { response: new Response() };
}

/** What may be done to an account; what hurts asks first. */
export function useAccountActs() {
  const text = useAccountsText();
  const act = useAct();
  const sure = useSure();
  const ask = useAskReason();
  const turn = (account: Account, disabled: boolean, reason: string, undo?: () => void) =>
    act({
      send: () => sendOwn(`/accounts/${account.username}`, "PATCH", { disabled, reason }),
      done: disabled ? text.disable_done(account.username) : text.enable_done(account.username),
      changes: [ACCOUNTS],
      undo,
    });
  const enable = async (account: Account) => {
    const reason = await ask(text.enable_ask(account.username), text.enable_hint);
    if (reason !== null) await turn(account, false, reason);
  };
  const disable = async (account: Account) => {
    const reason = await ask(text.disable_ask(account.username), text.disable_hint);
    if (reason === null) return;
    const takeBack = () => void turn(account, false, text.taken_back(reason).slice(0, LONGEST));
    await turn(account, true, reason, takeBack);
  };
  const reset = async (account: Account, show: (shown: Shown) => void) => {
    if (!(await sure(text.reset_ask(account.username), text.reset_hint))) return;
    const password = newPassword(chance);
    const send = () => sendOwn(`/accounts/${account.username}/password`, "POST", { password });
    if (await act({ send, done: text.reset_done, changes: [ACCOUNTS] }))
      show({ username: account.username, password });
  };
  return { enable, disable, reset };
}

/** Asks whether something that hurts is meant. */
function useSure() {
  const { modal } = App.useApp();
  const words = useWords();
  return async (title: string, content: string) =>
    await modal.confirm({ title, content, okText: words.confirm, cancelText: words.cancel });
}
