import { App } from "antd";
import { useEffect } from "react";
import { useBlocker } from "react-router";
import { Conflict } from "./Conflict";
import { useDraftText } from "./draftText";
import type { Editing } from "./useEditing";
import type { useSave } from "./useSave";

/** Asks before the page is left with changes that are not saved, whichever of its tabs is shown. */
export function useStayWhileDirty({ isDirty, forget }: Pick<Editing, "isDirty" | "forget">) {
  const text = useDraftText();
  const { modal } = App.useApp();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => isDirty && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    const leave = () => {
      forget();
      blocker.proceed();
    };
    modal.confirm({ title: text.leave, content: text.leave_hint, onOk: leave, onCancel: blocker.reset });
  }, [blocker, forget, modal, text]);
  useEffect(() => {
    if (!isDirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isDirty]);
}

interface Props {
  editing: Editing;
  saving: ReturnType<typeof useSave>;
}

/** Somebody saved since the text was begun: theirs or ours, or back to the editor. */
export function Conflicting({ editing, saving }: Props) {
  const { theirs } = saving;
  if (theirs === null) return null;
  const takeOurs = async () => {
    const saved = await saving.save(editing.text, theirs.version);
    if (saved) editing.rebase(saved);
  };
  const takeTheirs = () => {
    editing.take(theirs);
    saving.forget();
  };
  return (
    <Conflict
      theirs={theirs}
      ours={editing.text}
      onClose={saving.forget}
      onTakeTheirs={takeTheirs}
      onTakeOurs={() => void takeOurs()}
    />
  );
}
