import { PrinterOutlined } from "@ant-design/icons";
import { Button, Flex, Typography } from "antd";
import { type ReactNode, useEffect, useRef } from "react";
import { useWords } from "../i18n/words";
import { useArrival } from "./useArrival";

interface Props {
  title: string;
  /** One sentence on what the page is for. */
  lead?: ReactNode;
  actions?: ReactNode;
  printable?: boolean;
  children: ReactNode;
}

/** One page: its heading, which is also the window's title, its actions and its content. */
export function Page({ title, lead, actions, printable, children }: Props) {
  const words = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useArrival(heading);
  useEffect(() => {
    document.title = `${title} · ${words.product}`;
  }, [title, words.product]);
  return (
    <article className="page">
      <Flex justify="space-between" align="start" gap={12} wrap className="page-head">
        <div>
          <Typography.Title level={1} ref={heading} tabIndex={-1}>
            {title}
          </Typography.Title>
          {lead && <p className="quiet">{lead}</p>}
        </div>
        <Flex gap={8} wrap className="no-print">
          {actions}
          {printable && (
            <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
              {words.export_pdf}
            </Button>
          )}
        </Flex>
      </Flex>
      {children}
    </article>
  );
}
