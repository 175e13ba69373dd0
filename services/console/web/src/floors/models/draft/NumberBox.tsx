import { InputNumber } from "antd";

interface Props {
  label: string;
  value: number | undefined;
  onChange: (value: number) => void;
  step?: number;
  wide?: boolean;
}

/** A number in a form; one that is cleared changes nothing until another is written. */
export function NumberBox({ label, value, onChange, step = 1, wide }: Props) {
  return (
    <InputNumber
      size="small"
      aria-label={label}
      title={label}
      value={value}
      step={step}
      className={wide ? "models-number models-number-wide" : "models-number"}
      onChange={(next) => typeof next === "number" && onChange(next)}
    />
  );
}
