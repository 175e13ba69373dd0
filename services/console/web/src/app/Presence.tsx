import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal, Result, Typography } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { SESSION_ENDED, tellBack } from "../api/back";
import { BY_ITSELF } from "../api/client";
import { own } from "../api/own";
import { useWords } from "../i18n/words";
import { PasswordForm } from "./Login";
import { OwnPasswordForm } from "./OwnPassword";
import { type Session, takeSession, useSession } from "./session";
import { useSessionText } from "./sessionText";

const AGAIN_MS = 5000;
const AFTER_OIDC = "/logged-in";

/** Over the page, while this page's person is not logged in: asks them to, or says who is; the page below stays. */
export function Presence({ open }: { open: boolean }) {
  const text = useSessionText();
  const mine = useSession();
  const there = useWhoIsThere(mine);
  if (there === "nobody") return <Shown title={text.ended} content={<LogInAgain />} />;
  if (there !== "mine") return <Shown title={text.another} content={<Another now={there} />} />;
  if (open && mine.must_change_password) return <Shown title={text.first} content={<OwnPasswordForm />} />;
  return null;
}

/** Who is logged in in this browser: looked at when an answer says that it is not this page's person, and whenever
 * somebody comes to this page, as they may have logged in or out in another. Only the answer to the newest look counts,
 * and none that was asked for before this page's person logged in. */
function useWhoIsThere(mine: Session): Session | "mine" | "nobody" {
  const client = useQueryClient();
  const [there, setThere] = useState<Session | "mine" | "nobody">("mine");
  useEffect(() => {
    let newest = 0;
    let waiting: number | undefined;
    const look = () => {
      window.clearTimeout(waiting);
      newest += 1;
      const number = newest;
      own<Session | undefined>("/session", { quiet: true, ...BY_ITSELF }).then(
        (found) => number === newest && seen(found),
        () => {
          if (number === newest) waiting = window.setTimeout(look, AGAIN_MS);
        },
      );
    };
    const seen = (found: Session | undefined) => {
      const isMine = found?.username === mine.username;
      setThere(isMine ? "mine" : (found ?? "nobody"));
      if (!isMine) return;
      takeSession(client, found);
      if (!found.must_change_password) tellBack();
    };
    const come = () => document.visibilityState === "visible" && look();
    window.addEventListener(SESSION_ENDED, look);
    window.addEventListener("focus", come);
    document.addEventListener("visibilitychange", come);
    seen(mine);
    return () => {
      newest = 0;
      window.clearTimeout(waiting);
      window.removeEventListener(SESSION_ENDED, look);
      window.removeEventListener("focus", come);
      document.removeEventListener("visibilitychange", come);
    };
  }, [mine, client]);
  return there;
}

function Shown({ title, content }: { title: string; content: ReactNode }) {
  return (
    <Modal
      open
      title={title}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={null}
      zIndex={2000}
    >
      {content}
    </Modal>
  );
}

function LogInAgain() {
  const text = useSessionText();
  const { username, built_in } = useSession();
  return (
    <>
      <p className="quiet">{text.ended_hint}</p>
      {built_in ? (
        <PasswordForm username={username} />
      ) : (
        <>
          <p>{text.by_oidc_hint}</p>
          <Button type="primary" block target="_blank" href={`/api/oidc/start?next=${AFTER_OIDC}`}>
            {text.by_oidc}
          </Button>
        </>
      )}
      <Button type="link" danger onClick={() => window.location.assign("/")}>
        {text.give_up}
      </Button>
    </>
  );
}

function Another({ now }: { now: Session }) {
  const text = useSessionText();
  const mine = useSession();
  return (
    <>
      <p>{text.another_hint(now.display_name, mine.display_name)}</p>
      <Button type="primary" block onClick={() => window.location.assign("/")}>
        {text.reload(now.display_name)}
      </Button>
    </>
  );
}

/** Where a login in a new tab ends: the page it was for waits in another. */
export function Elsewhere() {
  const text = useSessionText();
  const { product } = useWords();
  useEffect(() => {
    document.title = `${text.elsewhere} · ${product}`;
  }, [text.elsewhere, product]);
  return (
    <main>
      <Result
        status="success"
        title={<Typography.Title level={1}>{text.elsewhere}</Typography.Title>}
        subTitle={text.elsewhere_hint}
      />
    </main>
  );
}
