import { App, Button, Flex, Tooltip } from "antd";
import { classification } from "../../../api/client";
import { useMay, useSession } from "../../../app/session";
import { useAct, useAskReason } from "../../../kit/useAct";
import { useInterventionText } from "./interventionText";
import { CHANGES, type Intervention } from "./states";

/** Approves or refuses what another proposed, or ends what is in force. */
export function Decide({ row, name }: { row: Intervention; name: string }) {
  const decides = useMay("city_administrator", "approver");
  const ends = useMay("city_administrator", "area_officer", "approver");
  if (row.kind !== "manual") return null;
  if (row.state === "proposed" && decides)
    return (
      <Flex gap={4}>
        <Approve row={row} name={name} />
        <Because row={row} what="refuse" />
      </Flex>
    );
  return row.state === "in_force" && ends ? <Because row={row} what="revoke" /> : null;
}

function Approve({ row, name }: { row: Intervention; name: string }) {
  const text = useInterventionText();
  const { subject } = useSession();
  const { modal } = App.useApp();
  const act = useAct();
  const own = row.proposed_by === subject;
  const params = { path: { number: row.id } };
  const approve = () =>
    modal.confirm({
      title: text.approve_ask(name, row.risk_class ?? ""),
      content: text.approve_hint,
      okText: text.approve,
      onOk: () =>
        act({
          send: () => classification.call.POST("/v1/interventions/{number}/approve", { params }),
          done: text.approved_done,
          changes: CHANGES,
        }),
    });
  return (
    <Tooltip title={own ? text.own : undefined}>
      <Button size="small" type="primary" disabled={own} onClick={approve}>
        {text.approve}
      </Button>
    </Tooltip>
  );
}

function Because({ row, what }: { row: Intervention; what: "refuse" | "revoke" }) {
  const text = useInterventionText();
  const { subject } = useSession();
  const act = useAct();
  const askReason = useAskReason();
  const refuses = what === "refuse";
  const order = async () => {
    const title = refuses ? text.refuse_why : text.revoke_why;
    const reason = await askReason(title, refuses ? undefined : text.revoke_hint);
    if (reason === null) return;
    const params = { path: { number: row.id } };
    await act({
      send: () =>
        refuses
          ? classification.call.POST("/v1/interventions/{number}/refuse", { params, body: { reason } })
          : classification.call.POST("/v1/interventions/{number}/revoke", { params, body: { reason } }),
      done: refuses ? text.refused_done : text.revoked_done,
      changes: CHANGES,
    });
  };
  const heldBack = !refuses && row.proposed_by === subject && row.risk_class !== "A";
  return (
    <Tooltip title={heldBack ? text.own_better : undefined}>
      <Button size="small" danger={!refuses} disabled={heldBack} onClick={() => void order()}>
        {refuses ? text.refuse : text.revoke}
      </Button>
    </Tooltip>
  );
}
