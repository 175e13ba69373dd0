import { useQuery } from "@tanstack/react-query";
import { Button, Flex, Segmented } from "antd";
import { useState } from "react";
import { notification } from "../../api/client";
import { useText } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { Loaded, Nothing } from "../../kit/Loaded";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import { AnswerDialog } from "./AnswerDialog";
import { ClueCard } from "./ClueCard";
import { allOf, CLUES, type Clue, HEAPS, heapOf, newestOf } from "./clues";
import "./outside.css";
import { useOutsideText } from "./text";

const AT_ONCE = 500;
const SHOWN = 50;

async function read(after: number) {
  const query = { after, limit: AT_ONCE };
  const { data, error } = await notification.call.GET("/v1/clues", { params: { query } });
  if (data === undefined) throw error;
  return data;
}

/** What the bureau tells a platform of its operators, and what the platform answers. */
export default function MyClues() {
  const titles = useText();
  const text = useOutsideText();
  const { count } = useFormats();
  const [state, change] = useUrlState();
  const heap = HEAPS.find((each) => each === state.heap) ?? "to_answer";
  const list = useQuery({ queryKey: CLUES, queryFn: () => allOf(read, AT_ONCE) });
  const clues = newestOf(list.data ?? []);
  const size = (each: string) => count(clues.filter((clue) => heapOf(clue) === each).length);
  return (
    <Page title={titles.my_clues} lead={text.clues_lead} printable>
      <Segmented
        className="no-print"
        aria-label={titles.my_clues}
        value={heap}
        options={HEAPS.map((each) => ({ value: each, label: `${text[each]} ${size(each)}` }))}
        onChange={(chosen) => change({ heap: chosen === "to_answer" ? undefined : chosen })}
      />
      <Loaded reading={list} lines={8}>
        {() => <Clues key={heap} clues={clues.filter((clue) => heapOf(clue) === heap)} />}
      </Loaded>
    </Page>
  );
}

function Clues({ clues }: { clues: Clue[] }) {
  const text = useOutsideText();
  const words = useWords();
  const [answering, setAnswering] = useState<Clue | null>(null);
  const [shown, setShown] = useState(SHOWN);
  if (clues.length === 0) return <Nothing hint={text.no_clues} />;
  return (
    <div className="cards">
      {clues.slice(0, shown).map((clue) => (
        <ClueCard key={clue.clue_id} clue={clue} onAnswer={() => setAnswering(clue)} />
      ))}
      {shown < clues.length && (
        <Flex justify="center" className="no-print table-more">
          <Button onClick={() => setShown(shown + SHOWN)}>{words.more}</Button>
        </Flex>
      )}
      {answering && <AnswerDialog clue={answering} close={() => setAnswering(null)} />}
    </div>
  );
}
