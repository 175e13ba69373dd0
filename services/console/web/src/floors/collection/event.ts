/** What a correction may change of a CloudEvent, as people edit it. */
export interface Editable {
  subject: string;
  time: string;
  data: string;
}

/** The editable parts of an event as it came; what cannot be read is empty. */
export function eventIn(original: string): Editable {
  try {
    const event = JSON.parse(original) as Record<string, unknown>;
    return {
      subject: String(event.subject ?? ""),
      time: String(event.time ?? ""),
      data: JSON.stringify(event.data ?? {}, null, 2),
    };
  } catch {
    return { subject: "", time: "", data: "{}" };
  }
}

/** Only what was changed, as the service takes it; null where the contents are no JSON object. */
export function correctionOf(came: Editable, edited: Editable): Record<string, unknown> | null {
  const data = objectIn(edited.data);
  if (data === null) return null;
  return {
    ...(edited.subject.trim() !== came.subject ? { subject: edited.subject.trim() } : {}),
    ...(edited.time.trim() !== came.time ? { time: edited.time.trim() } : {}),
    ...(edited.data !== came.data ? { data } : {}),
  };
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
