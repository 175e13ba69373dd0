import { Button, Tag } from "antd";
import { useState } from "react";
import { notification } from "../../api/client";
import { useLanguage, useNamed } from "../../i18n/language";
import { wordFor } from "../../i18n/words";
import { Loaded } from "../../kit/Loaded";
import type { RepairRecord } from "./model";
import { useText } from "./text";

const STATE_COLOURS: Record<string, string> = { delivered: "green", failed: "red", planned: "blue" };

/** The letters that tell the entity of this record: what it may do, and that publicity has stopped. */
export function Letters({ record }: { record: RepairRecord }) {
  const text = useText();
  const named = useNamed();
  const query = { uscc: record.uscc, limit: 200 };
  const reading = notification.useQuery("get", "/v1/notices", { params: { query } });
  const [shown, setShown] = useState<string | null>(null);
  return (
    <Loaded reading={reading} lines={2}>
      {({ items }) => {
        const own = items.filter((each) => each.origin_id.startsWith(`${record.record_id}|`));
        if (own.length === 0) return <p className="quiet">{text.no_letters}</p>;
        return (
          <ul className="plain">
            {own.map((each) => (
              <li key={each.notice_id}>
                {each.issued_on} {named({ zh: each.title_zh, en: each.title_en })}{" "}
                <Tag color={STATE_COLOURS[each.state]}>{wordFor(text, each.state)}</Tag>
                <Button
                  type="link"
                  size="small"
                  aria-expanded={shown === each.notice_id}
                  onClick={() => setShown(shown === each.notice_id ? null : each.notice_id)}
                >
                  {text.read}
                </Button>
                {shown === each.notice_id && <LetterText noticeId={each.notice_id} />}
              </li>
            ))}
          </ul>
        );
      }}
    </Loaded>
  );
}

function LetterText({ noticeId }: { noticeId: string }) {
  const text = useText();
  const { language } = useLanguage();
  const reading = notification.useQuery("get", "/v1/notices/{notice_id}", {
    params: { path: { notice_id: noticeId } },
  });
  return (
    <Loaded reading={reading}>
      {(letter) => (
        <section className="letter" aria-label={text.letter}>
          {language === "en" ? letter.text_en : letter.text}
        </section>
      )}
    </Loaded>
  );
}
