const GROUPS: [string, RegExp][] = [
  ["registration", /^(registration|deregistration|stake|officer|suspension)_/],
  ["disclosure", /^(annual_report|disclosure|self_report|staffing)_/],
  ["licence", /^(licence|certification|equipment|elevator)_/],
  ["penalty", /^(penalty|listing|individual|authority_list|correction|interview|exemption|record)_/],
  ["inspection", /^(inspection|product|recall|accident)_/],
  ["complaint", /^(complaint|opinion|platform)_/],
  ["court", /^(defaulter|enforcement|equity|mortgage|insolvency)_/],
];

/** The kinds of fact in the order of the picture. */
export const FACT_GROUPS = [...GROUPS.map(([code]) => code), "other"];

/** The kind of fact that a type belongs to. */
export function groupOf(type: string): string {
  return GROUPS.find(([, pattern]) => pattern.test(type))?.[0] ?? "other";
}
