import { InputNumber } from "antd";

interface Props {
  label: string;
  value: number | undefined;
  onChange: (value: number) => void;
  step?: number;
  prefix?: string;
}

/** A number in a form; one that is cleared changes nothing until another is written. */
export function NumberBox({ label, value, onChange, step = 1, prefix }: Props) {
  return (
    <InputNumber
      size="small"
      aria-label={label}
      title={label}
      value={value}
      step={step}
      prefix={prefix}
      className={prefix ? "models-number models-edge" : "models-number"}
      onChange={(next) => typeof next === "number" && onChange(next)}
    />
  );
}
