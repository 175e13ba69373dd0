import { Flex } from "antd";
import { useEffect } from "react";
import { classification } from "../../api/client";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { ClassTag } from "../../kit/ClassTag";
import { useCursorList } from "../../kit/CursorTable";
import { Loaded } from "../../kit/Loaded";
import { useClassText } from "./classText";
import type { Pair } from "./clocks";
import { type Decision, decisionsKey, readDecisions, useClassRow } from "./reads";
import { decidedBy } from "./thenAndNow";
import { useTimelineText } from "./timelineText";

/** The class as it was decided for a day, from what was known at an instant. */
export function ClassThen({ uscc, pair }: { uscc: string; pair: Pair }) {
  const text = useTimelineText();
  const row = useClassRow(uscc);
  return (
    <Loaded reading={row} lines={1}>
      {(found) => (found ? <Found uscc={uscc} pair={pair} /> : <p className="quiet">{text.class_none}</p>)}
    </Loaded>
  );
}

function Found({ uscc, pair }: { uscc: string; pair: Pair }) {
  const text = useTimelineText();
  const list = useCursorList<Decision>(decisionsKey(uscc), (cursor) => readDecisions(uscc, cursor));
  const decision = decidedBy(list.data?.pages.flatMap(({ items }) => items) ?? [], pair);
  const { hasNextPage, isFetching, isError, fetchNextPage } = list;
  useEffect(() => {
    if (!decision && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [decision, hasNextPage, isFetching, isError, fetchNextPage]);
  if (decision) return <Decided uscc={uscc} decision={decision} />;
  return (
    <Loaded reading={list} lines={1}>
      {() => <p className="quiet">{text.class_none}</p>}
    </Loaded>
  );
}

function Decided({ uscc, decision }: { uscc: string; decision: Decision }) {
  const text = useClassText();
  const named = useNamed();
  const { points } = useFormats();
  const reading = classification.useQuery("get", "/v1/entities/{uscc}/class", {
    params: { path: { uscc }, query: { as_of: decision.decided_at } },
  });
  return (
    <>
      <Flex gap={8} align="center">
        <ClassTag value={decision.risk_class} />
        <span>
          {text.score} <b>{points(decision.score)}</b>
        </span>
      </Flex>
      <Loaded reading={reading} lines={2}>
        {({ sentence_zh: zh, sentence_en: en }) => <p>{named({ zh, en })}</p>}
      </Loaded>
    </>
  );
}
