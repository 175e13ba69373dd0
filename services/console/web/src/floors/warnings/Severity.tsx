import { ExclamationCircleFilled, InfoCircleOutlined, WarningOutlined } from "@ant-design/icons";
import { wordFor } from "../../i18n/words";
import { useText } from "./text";

const ICONS = {
  alarm: <ExclamationCircleFilled />,
  warning: <WarningOutlined />,
  notice: <InfoCircleOutlined />,
} as const;

/** How urgent a signal is, as a word and a sign on a colour. */
export function SeverityTag({ value }: { value: string }) {
  const text = useText();
  return (
    <span className={`severity severity-${value}`}>
      {ICONS[value as keyof typeof ICONS]} {wordFor(text, value)}
    </span>
  );
}
