import { CLASS_COLOURS } from "../app/theme";

/** A class as its letter on its colour. */
export function ClassTag({ value, large = false }: { value: string | null | undefined; large?: boolean }) {
  if (!value) return <span className="quiet">—</span>;
  const colours = CLASS_COLOURS[value];
  return (
    <span
      className={large ? "class-tag class-tag-large" : "class-tag"}
      style={{ color: colours?.text, background: colours?.ground }}
    >
      {value}
    </span>
  );
}
