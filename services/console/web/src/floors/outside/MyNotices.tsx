import { ArrowLeftOutlined, PrinterOutlined } from "@ant-design/icons";
import { Button, Flex } from "antd";
import { notification } from "../../api/client";
import type { components } from "../../api/generated/notification";
import { useText } from "../../app/text";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { useWords, wordFor } from "../../i18n/words";
import { useCursorList } from "../../kit/CursorTable";
import { Loaded } from "../../kit/Loaded";
import { Page } from "../../kit/Page";
import { useUrlState } from "../../kit/useUrlState";
import "./outside.css";
import { useOutsideText } from "./text";

type Notice = components["schemas"]["MyNotice"];

/** Letters to an enterprise: the list, and the one that is open. */
export default function MyNotices() {
  const titles = useText();
  const text = useOutsideText();
  const words = useWords();
  const [{ notice: open }, change] = useUrlState();
  const list = useCursorList<Notice>(["my-notices"], (cursor) =>
    notification.call.GET("/v1/my/notices", { params: { query: { limit: 50, cursor } } }),
  );
  const choose = (notice: string | undefined) => change({ notice });
  return (
    <Page title={titles.my_notices} lead={text.notices_lead}>
      <Loaded
        reading={list}
        isEmpty={({ pages }) => pages[0]?.items.length === 0}
        emptyHint={text.no_notices}
      >
        {({ pages }) => {
          const notices = pages.flatMap(({ items }) => items);
          const shown = notices.find(({ notice_id }) => notice_id === open);
          return (
            <div className={shown ? "letters letters-open" : "letters"}>
              <div className="letter-list no-print">
                {notices.map((notice) => (
                  <Envelope
                    key={notice.notice_id}
                    notice={notice}
                    isOpen={notice === shown}
                    choose={choose}
                  />
                ))}
                {list.hasNextPage && (
                  <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                    {words.more}
                  </Button>
                )}
              </div>
              <Letter notice={shown} close={() => choose(undefined)} />
            </div>
          );
        }}
      </Loaded>
    </Page>
  );
}

interface EnvelopeProps {
  notice: Notice;
  isOpen: boolean;
  choose: (id: string) => void;
}

function Envelope({ notice, isOpen, choose }: EnvelopeProps) {
  const text = useOutsideText();
  const named = useNamed();
  const { day } = useFormats();
  return (
    <button type="button" className="envelope" aria-pressed={isOpen} onClick={() => choose(notice.notice_id)}>
      <strong>{named({ zh: notice.title_zh, en: notice.title_en })}</strong>
      <span className="quiet">
        {day(notice.issued_on)} · {wordFor(text, notice.state)}
      </span>
    </button>
  );
}

/** The letter itself, as it was sent, in the language it was sent in. */
function Letter({ notice, close }: { notice: Notice | undefined; close: () => void }) {
  const text = useOutsideText();
  const words = useWords();
  const named = useNamed();
  if (!notice) return <p className="quiet letter-none no-print">{text.choose_notice}</p>;
  return (
    <section className="letter" aria-label={named({ zh: notice.title_zh, en: notice.title_en })}>
      <Flex justify="space-between" className="no-print">
        <Button icon={<ArrowLeftOutlined />} onClick={close}>
          {text.back_to_list}
        </Button>
        <Button icon={<PrinterOutlined />} onClick={() => window.print()} disabled={!notice.text}>
          {words.print}
        </Button>
      </Flex>
      {notice.text ? (
        <div className="letter-text" lang="zh-CN">
          {notice.text}
        </div>
      ) : (
        <p className="quiet">{text.not_yet}</p>
      )}
    </section>
  );
}
