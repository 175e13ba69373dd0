import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Flex, Form, Input, Select, Table, Typography } from "antd";
import { useState } from "react";
import { ingestion } from "../../api/client";
import type { components } from "../../api/generated/ingestion";
import { useFormats } from "../../i18n/format";
import { Failure } from "../../kit/Failure";
import { Loaded } from "../../kit/Loaded";
import { placesOf, readMapping, withPlace, writeMapping } from "./mapping";
import { useText } from "./text";

type Suggestion = components["schemas"]["SuggestionOut"];

/** The most that the service reads of a sample. */
const LONGEST_SAMPLE = 4 * 1024 * 1024;

interface Props {
  source: string;
  file: File;
  factType: string;
  onBack: () => void;
  /** The mapping is stored under this name. */
  onStored: (name: string) => void;
}

/** Says which column is what, from the service's proposal. */
export function MappingForm(props: Props) {
  const text = useText();
  const { source, file, factType } = props;
  const suggestion = useQuery({
    queryKey: ["suggestion", source, factType, file.name, file.size],
    queryFn: () => suggest(source, file, factType),
    retry: false,
  });
  if (suggestion.isPending) return <p aria-live="polite">{text.suggesting}</p>;
  return <Loaded reading={suggestion}>{(found) => <Editor {...props} suggestion={found} />}</Loaded>;
}

async function suggest(source: string, file: File, fact_type: string): Promise<Suggestion> {
  const { data, error } = await ingestion.call.POST("/v1/sources/{name}/mappings/{mapping}/suggest", {
    params: { path: { name: source, mapping: "new" }, query: { fact_type, file_name: file.name } },
    body: file.slice(0, LONGEST_SAMPLE) as unknown as string,
    bodySerializer: (sample) => sample,
    headers: { "Content-Type": "application/octet-stream" },
  });
  if (data === undefined) throw error;
  return data;
}

function Editor({ source, factType, suggestion, onBack, onStored }: Props & { suggestion: Suggestion }) {
  const text = useText();
  const [name, setName] = useState("");
  const [written, setWritten] = useState(() => writeMapping(suggestion.mapping as never));
  const [error, setError] = useState<unknown>(null);
  const mapping = readMapping(written);
  const store = async () => {
    const path = { name: source, mapping: name };
    const answer = await ingestion.call.PUT("/v1/sources/{name}/mappings/{mapping}", {
      params: { path },
      body: mapping as unknown as Record<string, never>,
    });
    if (answer.data) onStored(name);
    else setError(answer.error);
  };
  return (
    <Form layout="vertical" onFinish={() => void store()}>
      {suggestion.missing.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={`${text.missing}：${suggestion.missing.join("、")}`}
          className="stack"
        />
      )}
      <Columns suggestion={suggestion} factType={factType} written={written} onWrite={setWritten} />
      <Form.Item
        label={text.mapping_json}
        htmlFor="mapping-json"
        validateStatus={mapping ? "" : "error"}
        help={mapping ? "" : text.not_json}
      >
        <Input.TextArea
          id="mapping-json"
          rows={10}
          spellCheck={false}
          value={written}
          onChange={({ target }) => setWritten(target.value)}
        />
      </Form.Item>
      <Form.Item label={text.mapping_name} htmlFor="mapping-name" extra={text.mapping_name_hint}>
        <Input
          id="mapping-name"
          value={name}
          maxLength={64}
          onChange={({ target }) => setName(target.value.trim())}
        />
      </Form.Item>
      {error !== null && <Failure error={error} />}
      <Flex gap={8}>
        <Button onClick={onBack}>{text.back}</Button>
        <Button type="primary" htmlType="submit" disabled={mapping === null || !name}>
          {text.next}
        </Button>
      </Flex>
    </Form>
  );
}

interface ColumnsProps {
  suggestion: Suggestion;
  factType: string;
  written: string;
  onWrite: (text: string) => void;
}

function Columns({ suggestion, factType, written, onWrite }: ColumnsProps) {
  const text = useText();
  const { share } = useFormats();
  const mapping = readMapping(written);
  const path = { fact_type: factType };
  const schema = ingestion.useQuery("get", "/v1/fact-types/{fact_type}/schema", { params: { path } });
  const places = placesOf(schema.data).map((place) => ({ value: place, label: place }));
  const guesses = new Map(suggestion.columns.map((guess) => [guess.column, guess.confidence]));
  const rows = [...suggestion.columns.map(({ column }) => column), ...suggestion.unused].map((column) => ({
    column,
  }));
  const columns = [
    { title: text.column, dataIndex: "column" },
    {
      title: text.place,
      key: "place",
      render: (_: unknown, { column }: { column: string }) => (
        <Select
          aria-label={`${column} → ${text.place}`}
          className="wide-select"
          allowClear
          disabled={mapping === null}
          mode={undefined}
          placeholder={text.place_none}
          value={[mapping?.columns[column]].flat()[0]}
          options={places}
          onChange={(place) => mapping && onWrite(writeMapping(withPlace(mapping, column, place)))}
        />
      ),
    },
    {
      title: text.sure,
      key: "sure",
      align: "right" as const,
      render: (_: unknown, { column }: { column: string }) => share(guesses.get(column)),
    },
  ];
  return (
    <>
      <Typography.Title level={2}>{text.step_mapping}</Typography.Title>
      <Table
        rowKey="column"
        size="small"
        pagination={false}
        columns={columns}
        dataSource={rows}
        className="stack"
      />
    </>
  );
}
