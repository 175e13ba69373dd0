import { Form, Modal, Select } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { classification } from "../../../api/client";
import { useModelName, useModels } from "../../../api/models";
import { useSession } from "../../../app/session";
import { useAct } from "../../../kit/useAct";
import { useToday } from "../../../kit/useToday";
import type { Definition } from "../definition/definition";
import { codeOf, numberOf, standings } from "../versions/standing";
import { useDraftText } from "./draftText";
import { nextText } from "./yamlText";

/** Chooses the version a draft begins from, and begins it. */
export function BeginDraft({ from, onClose }: { from: string; onClose: () => void }) {
  const text = useDraftText();
  const { data } = useModels();
  const modelName = useModelName();
  const [busy, setBusy] = useState(false);
  const begin = useBegin();
  const today = useToday();
  const all = standings(data?.items ?? [], today);
  const [chosen, choose] = useState<string | undefined>(from === "?" ? undefined : from);
  const first = data && (chosen ?? all.find(({ standing }) => standing === "in_force")?.model.id);
  const options = all.map(({ model }) => ({
    value: model.id,
    label: modelName(model.id),
  }));
  const send = async () => {
    if (!first) return;
    setBusy(true);
    await begin(first).finally(() => setBusy(false));
  };
  return (
    <Modal
      open
      title={text.begin}
      okText={text.begin}
      confirmLoading={busy}
      okButtonProps={{ disabled: !first }}
      onOk={() => void send()}
      onCancel={onClose}
    >
      <Form layout="vertical" className="models-dialog">
        <Form.Item label={text.begin_from} help={text.begin_hint} htmlFor="begin-from">
          <Select
            id="begin-from"
            value={first}
            options={options}
            onChange={choose}
            showSearch={{ optionFilterProp: "label" }}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** Begins a draft from a version and goes to it. */
function useBegin() {
  const text = useDraftText();
  const act = useAct();
  const navigate = useNavigate();
  const session = useSession();
  const today = useToday();
  const { data } = useModels();
  return async (model_id: string) => {
    const read = await classification.call.GET("/v1/models/{model_id}", { params: { path: { model_id } } });
    if (!read.data || !data) return;
    const siblings = data.items.map((each) => each.id).filter((each) => codeOf(each) === codeOf(model_id));
    const next = {
      version: Math.max(...siblings.map(numberOf)) + 1,
      valid_from: today,
      author: session.display_name,
    };
    const body = { text: nextText(read.data.definition as unknown as Definition, next) };
    await act({
      send: async () => {
        const made = await classification.call.POST("/v1/drafts", { body });
        if (made.data) void navigate(`/models/drafts/${made.data.id}`);
        return made;
      },
      done: text.begun,
      changes: [["get", "/v1/drafts"]],
    });
  };
}
