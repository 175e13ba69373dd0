import { CLASS_COLOURS } from "../../app/theme";
import { useFormats } from "../../i18n/format";
import { CLASSES } from "./figures";

/** The shares of the classes as one thin bar; what it shows is said too. */
export function MixBar({ shares }: { shares: Record<string, number> }) {
  const formats = useFormats();
  const said = CLASSES.map((each) => `${each} ${formats.share(shares[each] ?? 0)}`).join("，");
  return (
    <span className="mix-bar" role="img" aria-label={said} title={said}>
      {CLASSES.map((each) => (
        <span key={each} style={{ flexGrow: shares[each] ?? 0, background: CLASS_COLOURS[each]?.solid }} />
      ))}
    </span>
  );
}
