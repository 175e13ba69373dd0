import { Button, Card, Flex, Tag, Typography } from "antd";
import { repair } from "../../api/client";
import { useText } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { useLanguage } from "../../i18n/language";
import { useWords, wordFor } from "../../i18n/words";
import { useCursorList } from "../../kit/CursorTable";
import { Loaded } from "../../kit/Loaded";
import { Page } from "../../kit/Page";
import { useToday } from "../../kit/useToday";
import "./outside.css";
import { type OwnRecord, type Repair, repairOf } from "./records";
import { useOutsideText } from "./text";

const TONES: Partial<Record<Repair, string>> = { stopped: "success", unpublished: "default" };

/** An enterprise's own records, each with what to do and by when. */
export default function MyRecords() {
  const titles = useText();
  const text = useOutsideText();
  const words = useWords();
  const list = useCursorList<OwnRecord>(["my-records"], (cursor) =>
    repair.call.GET("/v1/my/records", { params: { query: { limit: 50, cursor } } }),
  );
  return (
    <Page title={titles.my_records} lead={text.records_lead} printable>
      <Loaded
        reading={list}
        isEmpty={({ pages }) => pages[0]?.items.length === 0}
        emptyHint={text.no_records}
      >
        {({ pages }) => (
          <div className="cards">
            {pages
              .flatMap(({ items }) => items)
              .map((record) => (
                <RecordCard key={record.record_id} record={record} />
              ))}
          </div>
        )}
      </Loaded>
      {list.hasNextPage && (
        <Flex justify="center" className="no-print table-more">
          <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {words.more}
          </Button>
        </Flex>
      )}
    </Page>
  );
}

function RecordCard({ record }: { record: OwnRecord }) {
  const text = useOutsideText();
  const { language } = useLanguage();
  const { day } = useFormats();
  const standing = repairOf(record, useToday());
  return (
    <Card>
      <Flex justify="space-between" align="start" gap={8}>
        <Typography.Title level={2}>{wordFor(text, record.kind)}</Typography.Title>
        <Tag color={TONES[standing] ?? "warning"}>
          {wordFor(text, standing === "unpublished" ? standing : record.state)}
        </Tag>
      </Flex>
      <dl className="facts">
        <dt>{text.document}</dt>
        <dd>{record.document_number}</dd>
        <dt>{text.decided}</dt>
        <dd>{day(record.decided_on)}</dd>
      </dl>
      <Deadlines record={record} standing={standing} />
      <h3>{text.what_to_do}</h3>
      <p className="advice">{language === "zh" ? record.what_to_do_zh : record.what_to_do_en}</p>
      <p className="quiet basis">
        {text.basis}：{record.citation}
      </p>
    </Card>
  );
}

/** From when repair may be asked for, and until when the record is public. */
function Deadlines({ record, standing }: { record: OwnRecord; standing: Repair }) {
  const text = useOutsideText();
  const { day } = useFormats();
  if (standing === "unpublished") return null;
  if (standing === "stopped")
    return <p className="deadline done">{text.stopped_on(day(record.stopped_on))}</p>;
  const apply = { now: text.apply_now, later: text.apply_on(day(record.apply_from)), never: text.no_apply };
  return (
    <>
      <p className={standing === "now" ? "deadline now" : "deadline"}>{apply[standing]}</p>
      <p className="deadline">{record.stops_on ? text.stops_on(day(record.stops_on)) : text.no_stop}</p>
    </>
  );
}
