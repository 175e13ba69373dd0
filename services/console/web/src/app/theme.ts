import type { ThemeConfig } from "antd";

const FONT =
  '-apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "Segoe UI", sans-serif';

/** Colours with a contrast of at least 4.5 : 1 on white (WCAG 2.2 AA, 1.4.3). */
export const COLOURS = {
  ink: "#1b2430",
  quiet: "#566070",
  primary: "#0b4a8f",
  good: "#17693f",
  attention: "#8a5300",
  bad: "#b3261e",
  line: "#dfe4ea",
  ground: "#f3f5f8",
} as const;

/** Ground and text of each class; a class is always written as a letter too, never told by colour alone. */
export const CLASS_COLOURS: Record<string, { text: string; ground: string; solid: string }> = {
  A: { text: "#14532d", ground: "#dcf3e4", solid: "#2f8f5b" },
  B: { text: "#0b4a8f", ground: "#dbe9fb", solid: "#3b7ac4" },
  C: { text: "#7a4a00", ground: "#fdebc8", solid: "#d9930d" },
  D: { text: "#8c1d18", ground: "#fbdcd9", solid: "#c4382f" },
};

/** Grounds on which those colours are read; what is derived from dark colours would be too dark for them. */
const GROUNDS = {
  colorSuccessBg: "#e6f4ec",
  colorSuccessBorder: "#9fd3b4",
  colorWarningBg: "#fdf3e0",
  colorWarningBorder: "#e8c98f",
  colorErrorBg: "#fdeceb",
  colorErrorBorder: "#efb4af",
  colorInfoBg: "#e6eff9",
  colorInfoBorder: "#a9c5e6",
} as const;

export const THEME: ThemeConfig = {
  token: {
    fontFamily: FONT,
    colorPrimary: COLOURS.primary,
    colorLink: COLOURS.primary,
    colorSuccess: COLOURS.good,
    colorWarning: COLOURS.attention,
    colorError: COLOURS.bad,
    colorInfo: COLOURS.primary,
    ...GROUNDS,
    colorText: COLOURS.ink,
    colorTextSecondary: COLOURS.quiet,
    colorTextTertiary: COLOURS.quiet,
    colorTextDescription: COLOURS.quiet,
    colorTextPlaceholder: "#6b7480",
    colorBgLayout: COLOURS.ground,
    fontSizeHeading1: 20,
    fontSizeHeading2: 16,
    fontSizeHeading3: 14,
    borderRadius: 6,
    motion: false,
  },
  components: {
    Layout: { headerBg: "#ffffff", siderBg: "#ffffff", headerPadding: "0 16px", headerHeight: 52 },
    Menu: { itemHeight: 36, subMenuItemBg: "#ffffff", itemSelectedBg: "#dbe9fb" },
    Typography: { titleMarginTop: 0, titleMarginBottom: 8 },
    Card: { bodyPadding: 16, headerPadding: 16 },
    Table: { cellPaddingBlock: 8, cellPaddingInline: 10 },
  },
};
