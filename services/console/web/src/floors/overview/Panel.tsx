import { Typography } from "antd";
import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  /** What belongs to the whole of it: a choice, a link. */
  extra?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A part of the page with its heading. */
export function Panel({ title, extra, className = "", children }: Props) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        <Typography.Title level={2} id={id}>
          {title}
        </Typography.Title>
        {extra && <div className="panel-extra">{extra}</div>}
      </header>
      {children}
    </section>
  );
}
