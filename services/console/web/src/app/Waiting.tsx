import { Skeleton } from "antd";

/** The grey shape of a page that is on its way. */
export function Waiting() {
  return (
    <div className="page" aria-busy="true">
      <Skeleton active={false} paragraph={{ rows: 8 }} />
    </div>
  );
}
