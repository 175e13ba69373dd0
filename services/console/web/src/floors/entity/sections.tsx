import type { ReactNode } from "react";
import { ClassSection } from "./ClassSection";
import { People } from "./People";
import { RecordsSection } from "./RecordsSection";
import { Relations } from "./Relations";
import type { Profile } from "./reads";
import { Supervision } from "./Supervision";
import { Timeline } from "./Timeline";
import { Trail } from "./Trail";
import { useText } from "./text";

interface Section {
  key: string;
  title: string;
  content: ReactNode;
}

/** The parts of the page in their order; each reads what it shows when it is opened. */
export function useSections(entity: Profile): Section[] {
  const text = useText();
  const { uscc } = entity;
  return [
    { key: "class", title: text.section_class, content: <ClassSection uscc={uscc} /> },
    { key: "timeline", title: text.section_timeline, content: <Timeline entity={entity} /> },
    { key: "supervision", title: text.section_supervision, content: <Supervision uscc={uscc} /> },
    { key: "records", title: text.section_records, content: <RecordsSection uscc={uscc} /> },
    { key: "relations", title: text.section_relations, content: <Relations entity={entity} /> },
    { key: "people", title: text.section_people, content: <People uscc={uscc} /> },
    { key: "trail", title: text.section_trail, content: <Trail uscc={uscc} /> },
  ];
}
