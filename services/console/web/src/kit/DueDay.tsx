import { dictionary } from "../i18n/language";
import { daysBetween } from "./days";
import { useToday } from "./useToday";

const useText = dictionary({
  zh: {
    overdue: (days: number) => `逾期 ${days} 日`,
    today: "今日到期",
    left: (days: number) => `余 ${days} 日`,
  },
  en: {
    overdue: (days: number) => `${days} ${days === 1 ? "day" : "days"} overdue`,
    today: "due today",
    left: (days: number) => `${days} ${days === 1 ? "day" : "days"} left`,
  },
});

const SOON = 3;

/** How far away a last day is: in words, and how pressing that is. */
export function useDue() {
  const text = useText();
  const today = useToday();
  return (day: string) => {
    const days = daysBetween(today, day);
    if (days < 0) return { tone: "bad", said: text.overdue(-days) };
    if (days === 0) return { tone: "attention", said: text.today };
    return { tone: days <= SOON ? "attention" : "quiet", said: text.left(days) };
  };
}

/** A last day, with how far away it is; a day that no longer presses is written alone. */
export function DueDay({ day, settled = false }: { day: string | null | undefined; settled?: boolean }) {
  const due = useDue();
  if (!day) return <span className="quiet">—</span>;
  if (settled) return <span className="nowrap">{day}</span>;
  const { tone, said } = due(day);
  return (
    <span className="due-day">
      {day}
      <span className={`tone-${tone}`}>{said}</span>
    </span>
  );
}
