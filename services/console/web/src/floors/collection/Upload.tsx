import { Button, Drawer, Flex, Form, Progress, Select, Steps, Typography } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { ingestion } from "../../api/client";
import { useMay, useSession } from "../../app/session";
import { useFormats } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { Failure } from "../../kit/Failure";
import { MappingForm } from "./MappingForm";
import { sendAndCheck } from "./sending";
import { bytes, useFactTypes } from "./shared";
import { useText } from "./text";

interface Choice {
  source: string;
  file: File;
  /** A mapping of the source, or the type of fact that a new one is for. */
  mapping?: string;
  factType?: string;
}

/** Sends a file in three steps: which and whose, which column is what, and the bytes. */
export function Upload({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const text = useText();
  const [choice, setChoice] = useState<Choice | null>(null);
  const [mapping, setMapping] = useState<string | null>(null);
  const step = mapping !== null ? 2 : choice !== null ? 1 : 0;
  const titles = [text.step_source, text.step_mapping, text.step_send];
  const chosen = (made: Choice) => {
    setChoice(made);
    setMapping(made.mapping ?? null);
  };
  return (
    <Drawer open title={text.new_file} size={720} onClose={onClose} closable={{ "aria-label": words.close }}>
      <Steps size="small" current={step} items={titles.map((title) => ({ title }))} className="stack" />
      {choice === null && <Choose onChosen={chosen} />}
      {choice !== null && mapping === null && (
        <MappingForm
          {...choice}
          factType={choice.factType ?? ""}
          onBack={() => setChoice(null)}
          onStored={setMapping}
        />
      )}
      {choice !== null && mapping !== null && (
        <Send source={choice.source} file={choice.file} mapping={mapping} />
      )}
    </Drawer>
  );
}

function useSourceNames(): string[] {
  const isAdministrator = useMay("city_administrator");
  const { source } = useSession();
  const { data } = ingestion.useQuery("get", "/v1/sources", {}, { enabled: isAdministrator });
  if (!isAdministrator) return source ? [source] : [];
  return (data ?? []).filter(({ suspended }) => !suspended).map(({ name }) => name);
}

function Choose({ onChosen }: { onChosen: (choice: Choice) => void }) {
  const text = useText();
  const names = useSourceNames();
  const { types, name: typeName } = useFactTypes();
  const [source, setSource] = useState<string | undefined>(names.length === 1 ? names[0] : undefined);
  const [file, setFile] = useState<File | undefined>();
  const [way, setWay] = useState<string | undefined>();
  const mappings = ingestion.useQuery(
    "get",
    "/v1/sources/{name}/mappings",
    { params: { path: { name: source ?? "" } } },
    { enabled: source !== undefined },
  );
  const ready = source !== undefined && file !== undefined && way !== undefined;
  const go = () => {
    if (!ready) return;
    const [kind, ...rest] = way.split(":");
    const value = rest.join(":");
    onChosen(kind === "mapping" ? { source, file, mapping: value } : { source, file, factType: value });
  };
  const options = [
    {
      label: text.mapping_choice,
      options: (mappings.data ?? []).map(({ name, mapping }) => ({
        value: `mapping:${name}`,
        label: `${name}（${typeName(String(mapping.fact_type))}）`,
      })),
    },
    {
      label: text.mapping_new,
      options: types.map(({ type }) => ({ value: `type:${type}`, label: typeName(type) })),
    },
  ];
  return (
    <Form layout="vertical" onFinish={go}>
      <Form.Item label={text.source} htmlFor="upload-source">
        <Select
          id="upload-source"
          showSearch
          value={source}
          onChange={setSource}
          options={names.map((name) => ({ value: name, label: name }))}
        />
      </Form.Item>
      <Form.Item label={text.choose_file} htmlFor="upload-file" extra={text.file_kinds}>
        <input
          id="upload-file"
          type="file"
          accept=".csv,.xlsx,.ndjson,.jsonl,.parquet"
          onChange={({ target }) => setFile(target.files?.[0])}
        />
      </Form.Item>
      <Form.Item label={text.mapping} htmlFor="upload-mapping">
        <Select
          id="upload-mapping"
          showSearch={{ optionFilterProp: "label" }}
          disabled={!source}
          value={way}
          onChange={setWay}
          options={options}
        />
      </Form.Item>
      <Button type="primary" htmlType="submit" disabled={!ready}>
        {text.next}
      </Button>
    </Form>
  );
}

function Send({ source, file, mapping }: { source: string; file: File; mapping: string }) {
  const text = useText();
  const { share } = useFormats();
  const navigate = useNavigate();
  const [sent, setSent] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const send = async () => {
    setError(null);
    setSent(0);
    try {
      const stored = await sendAndCheck({ source, mapping, file, onProgress: setSent });
      void navigate(`/collection/files/${stored.id}`);
    } catch (problem) {
      setError(problem);
      setSent(null);
    }
  };
  return (
    <Flex vertical gap={12}>
      <Typography.Text>{`${file.name} · ${bytes(file.size)} · ${source} · ${mapping}`}</Typography.Text>
      {error !== null && <Failure error={error} />}
      {sent !== null && (
        <Progress percent={Math.round(sent * 100)} aria-label={`${text.uploading} ${share(sent)}`} />
      )}
      <Button type="primary" loading={sent !== null} onClick={() => void send()}>
        {text.upload}
      </Button>
    </Flex>
  );
}
