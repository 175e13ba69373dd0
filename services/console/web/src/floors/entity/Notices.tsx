import type { TableProps } from "antd";
import { notification } from "../../api/client";
import type { components } from "../../api/generated/notification";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { wordFor } from "../../i18n/words";
import { CursorTable } from "../../kit/CursorTable";
import { Loaded } from "../../kit/Loaded";
import { Part } from "./Part";
import { useSupervisionText } from "./supervisionText";

type Notice = components["schemas"]["NoticeOut"];

/** Letters to the entity; one opens with its text as it was sent. */
export function Notices({ uscc }: { uscc: string }) {
  const text = useSupervisionText();
  const columns = useColumns();
  return (
    <Part title={text.notices}>
      <CursorTable<Notice>
        label={text.notices}
        listKey={["notices", "of", uscc]}
        read={(cursor) =>
          notification.call.GET("/v1/notices", { params: { query: { uscc, limit: 20, cursor } } })
        }
        rowKey="notice_id"
        columns={columns}
        expandable={{ expandedRowRender: ({ notice_id }) => <Letter id={notice_id} /> }}
        emptyHint={text.notices_none}
      />
    </Part>
  );
}

function useColumns(): TableProps<Notice>["columns"] {
  const text = useSupervisionText();
  const format = useFormats();
  const named = useNamed();
  return [
    { title: text.letter, render: (_, row) => named({ zh: row.title_zh, en: row.title_en }) },
    { title: text.issued, render: (_, row) => format.day(row.issued_on) },
    { title: text.state, render: (_, row) => wordFor(text, `notice_${row.state}`) },
    { title: text.settled, render: (_, row) => format.moment(row.settled_at) },
    { key: "id", render: (_, row) => <span className="quiet entity-cause">{row.notice_id}</span> },
  ];
}

function Letter({ id }: { id: string }) {
  const text = useSupervisionText();
  const named = useNamed();
  const reading = notification.useQuery("get", "/v1/notices/{notice_id}", {
    params: { path: { notice_id: id } },
  });
  return (
    <Loaded reading={reading}>
      {(notice) => (
        <div className="entity-letter">
          {notice.text ? named({ zh: notice.text, en: notice.text_en }) : text.letter_later}
        </div>
      )}
    </Loaded>
  );
}
