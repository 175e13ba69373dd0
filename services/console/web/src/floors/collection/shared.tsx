import { ingestion } from "../../api/client";
import { useLanguage } from "../../i18n/language";
import { useText } from "./text";

/** Names types of fact, in Chinese as the service names them, in English by what they say. */
export function useFactTypes() {
  const { language } = useLanguage();
  const { data } = ingestion.useQuery("get", "/v1/fact-types", {}, { staleTime: Number.POSITIVE_INFINITY });
  const name = (type: string) => {
    const found = data?.find((each) => each.type === type);
    if (!found) return type;
    return language === "zh" ? found.zh : found.says.replace(/\s*[(（].*$/, "");
  };
  return { types: data ?? [], name };
}

/** A duration as services write it (ISO 8601), in words. */
export function useDurations(): (duration: string | null | undefined) => string | null {
  const text = useText();
  return (duration) => {
    if (!duration) return null;
    const [, days, hours, minutes] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?.*)?$/.exec(duration) ?? [];
    if (days) return text.days_n(days);
    if (hours) return text.hours(hours);
    return minutes ? text.minutes(minutes) : duration;
  };
}

/** Bytes as people write them. */
export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let at = 0;
  let value = count;
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024;
    at += 1;
  }
  return `${at === 0 ? value : value.toFixed(1)} ${units[at]}`;
}
