import { useMemo } from "react";
import { type Language, useLanguage } from "./language";

const ZONE = "Asia/Shanghai";
const NOTHING = "—";

/** How numbers, days, moments, shares and money are written in one language; nothing known is a dash. */
export function formats(language: Language) {
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  const count = new Intl.NumberFormat(locale);
  const points = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const change = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, signDisplay: "exceptZero" });
  const moment = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short", timeStyle: "short" });
  const seconds = new Intl.DateTimeFormat("sv-SE", {
    timeZone: ZONE,
    dateStyle: "short",
    timeStyle: "medium",
  });
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short" });
  const yuan = new Intl.NumberFormat(locale, { style: "currency", currency: "CNY" });
  const or = <T>(value: T | null | undefined, write: (value: T) => string) =>
    value === null || value === undefined || value === "" ? NOTHING : write(value);
  return {
    count: (value: number | null | undefined) => or(value, count.format),
    points: (value: number | null | undefined) => or(value, points.format),
    /** How far a figure went, with its sign; what rounds to nothing has none. */
    change: (value: number | null | undefined) => or(value, change.format),
    share: (value: number | null | undefined) => or(value, share.format),
    moment: (value: string | null | undefined) => or(value, (text) => moment.format(new Date(text))),
    seconds: (value: string | null | undefined) => or(value, (text) => seconds.format(new Date(text))),
    /** A business day is a date already; a moment becomes its day in Shanghai. */
    day: (value: string | null | undefined) =>
      or(value, (text) => (text.length === 10 ? text : day.format(new Date(text)))),
    /** Several things one after another. */
    list: (items: readonly string[]) =>
      items.length ? items.join(language === "zh" ? "、" : ", ") : NOTHING,
    /** Fen, as services give money, as yuan. */
    money: (fen: number | null | undefined) => or(fen, (value) => yuan.format(value / 100)),
  };
}

/** Formats of the language in use. */
export function useFormats() {
  const { language } = useLanguage();
  return useMemo(() => formats(language), [language]);
}
