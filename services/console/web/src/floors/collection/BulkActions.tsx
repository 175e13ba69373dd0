import { App, Button, Flex, Upload } from "antd";
import { BY_ITSELF, ingestion } from "../../api/client";
import type { components } from "../../api/generated/ingestion";
import { useMay } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { useAct, useAskReason } from "../../kit/useAct";
import { useText } from "./text";

type Job = components["schemas"]["ingestion_service__http_api__bulk__JobOut"];
type Problems = Job["problems"];

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
    const told: Problems = [];
    const send = async () => {
      const begun = await ingestion.call.POST("/v1/quarantine/bulk", { body: { ...order, replace: {} } });
      const answer = begun.data ? await ended(begun.data.id) : begun;
      told.push(...(answer.data?.problems ?? []));
      return answer;
    };
    const done = await act({
      send,
      done: (data) => {
        const { released, unusable, discarded } = data as Job;
        return text.many_ended(count(released), count(unusable), count(discarded));
      },
      changes: LISTS,
    });
    for (const { fact_id, field, problem } of told)
      notification.warning({ title: fact_id, description: `${field} ${problem}` });
    return done;
  };
}

/** How the job answers when it has ended, or when it cannot be asked. */
async function ended(number: number) {
  for (;;) {
    const params = { path: { number } };
    const answer = await ingestion.call.GET("/v1/quarantine/jobs/{number}", { params, ...BY_ITSELF });
    if (answer.data?.state !== "working") return answer;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
