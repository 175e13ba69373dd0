import { useFormats } from "../../i18n/format";
import type { Rate } from "./figures";
import { useOverviewText } from "./text";

/** A discovery rate as a point in its interval on a scale from 0 to 100 %; the figures stand beside it. */
export function RateBar({ rate }: { rate: Rate | null | undefined }) {
  const text = useOverviewText();
  const formats = useFormats();
  if (!rate || rate.rate === null) return <span className="quiet">{text.no_visits}</span>;
  const { low, high } = rate;
  const whole = text.discovery_long(formats.share(rate.rate), formats.share(low), formats.share(high));
  const visits = text.visits(formats.count(rate.valid), formats.count(rate.problems));
  const [from, to] = [(low ?? rate.rate) * 100, (high ?? rate.rate) * 100];
  return (
    <span className="rate-bar" title={`${whole}；${visits}`}>
      <span className="number">{formats.share(rate.rate)}</span>
      <span className="rate-track" aria-hidden="true">
        <span className="rate-interval" style={{ left: `${from}%`, width: `${to - from}%` }} />
        <span className="rate-point" style={{ left: `${rate.rate * 100}%` }} />
      </span>
      <span className="quiet rate-range">
        {formats.share(low)}–{formats.share(high)}
      </span>
    </span>
  );
}
