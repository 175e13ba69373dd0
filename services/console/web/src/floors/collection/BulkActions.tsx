import { App, Button, Flex, Upload } from "antd";
import { ingestion, once } from "../../api/client";
import { useMay } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { useAct, useAskReason } from "../../kit/useAct";
import { useText } from "./text";

const LISTS = [["quarantine"], ["get", "/v1/quarantine/counts"]];
const PAUSE_MS = 500;

/** What may be done with many at once: release, discard, or take an edited sheet back. */
export function BulkActions({ chosen, onDone }: { chosen: number[]; onDone: () => void }) {
  const text = useText();
  const { count } = useFormats();
  const maySettle = useMay("city_administrator");
  const { release, discard, correct } = useBulkActs(chosen, onDone);
  if (!maySettle) return null;
  const many = count(chosen.length);
  const take = (file: File) => {
    void correct(file);
    return false; // or the component would send it too, to this page's address
  };
  return (
    <Flex gap={8} wrap className="stack no-print">
      <Button disabled={chosen.length === 0} onClick={release}>
        {text.release_many(many)}
      </Button>
      <Button danger disabled={chosen.length === 0} onClick={() => void discard()}>
        {text.discard_many(many)}
      </Button>
      <Upload accept=".xlsx" showUploadList={false} beforeUpload={take}>
        <Button>{text.corrections}</Button>
      </Upload>
    </Flex>
  );
}

function useBulkActs(ids: number[], onDone: () => void) {
  const text = useText();
  const { count } = useFormats();
  const { modal } = App.useApp();
  const act = useAct();
  const ask = useAskReason();
  const settle = useSettlement();
  return {
    release: () =>
      modal.confirm({
        title: text.release_many_ask(count(ids.length)),
        content: text.release_many_hint,
        onOk: async () => {
          if (await settle({ ids, action: "release" })) onDone();
        },
      }),
    discard: async () => {
      const reason = await ask(text.discard_many_ask(count(ids.length)));
      if (reason !== null && (await settle({ ids, action: "discard", reason }))) onDone();
    },
    correct: (file: File) =>
      act({
        send: () =>
          ingestion.call.POST("/v1/quarantine/corrections.xlsx", {
            params: { header: once() },
            body: file as unknown as string,
            bodySerializer: (sheet) => sheet,
            headers: { "Content-Type": file.type },
          }),
        done: text.corrections_done,
        changes: LISTS,
      }),
  };
}

interface Order {
  ids: number[];
  action: "release" | "discard";
  reason?: string;
}

/** Sends an order about many and follows it to its end, which it tells. */
function useSettlement(): (order: Order) => Promise<boolean> {
  const text = useText();
  const { count } = useFormats();
  const { notification } = App.useApp();
  const act = useAct();
  return async (order) => {
    let number = 0;
    const send = async () => {
      const body = { ...order, replace: {} };
      const answer = await ingestion.call.POST("/v1/quarantine/bulk", { params: { header: once() }, body });
      number = answer.data?.id ?? 0;
      return answer;
    };
    if (!(await act({ send, done: text.many_started, changes: [] }))) return false;
    const job = await ended(number);
    if (job === undefined) return false;
    await act({
      send: () => ingestion.call.GET("/v1/quarantine/jobs/{number}", { params: { path: { number } } }),
      done: text.many_ended(count(job.released), count(job.unusable), count(job.discarded)),
      changes: LISTS,
    });
    for (const problem of job.problems)
      notification.warning({ title: problem.fact_id, description: `${problem.field} ${problem.problem}` });
    return true;
  };
}

async function ended(number: number) {
  for (;;) {
    const path = { number };
    const { data } = await ingestion.call.GET("/v1/quarantine/jobs/{number}", { params: { path } });
    if (data === undefined || data.state === "ended") return data;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
