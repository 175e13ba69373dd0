import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

/** The languages of the page; Chinese is the first. */
export type Language = "zh" | "en";

type Word = string | ((...args: never[]) => string);
type Words = Record<string, Word>;
/** English must say all that Chinese says, with the same parameters. */
type Both<T extends Words> = { zh: T; en: { [K in keyof T]: T[K] } };

const KEPT_AS = "creditloop.language";

interface Choice {
  language: Language;
  choose: (language: Language) => void;
}

const Chosen = createContext<Choice>({ language: "zh", choose: () => undefined });

function kept(): Language {
  return window.localStorage.getItem(KEPT_AS) === "en" ? "en" : "zh";
}

/** Gives the page its language; the choice is kept in this browser. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(kept);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    window.localStorage.setItem(KEPT_AS, language);
  }, [language]);
  const choice = useMemo(() => ({ language, choose: setLanguage }), [language]);
  return <Chosen.Provider value={choice}>{children}</Chosen.Provider>;
}

/** The language in use and how to change it. */
export function useLanguage(): Choice {
  return useContext(Chosen);
}

/** A hook that gives these words in the language in use. */
export function dictionary<T extends Words>(both: Both<T>): () => T {
  return () => both[useContext(Chosen).language] as T;
}

/** The name a service gave in both languages, in the language in use. */
export function useNamed(): (both: { zh: string; en?: string }) => string {
  const { language } = useLanguage();
  return (both) => (language === "en" && both.en ? both.en : both.zh);
}
