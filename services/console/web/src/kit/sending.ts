import type { FormInstance } from "antd";
import type { FieldError } from "../api/problem";
import { fieldNameOf } from "../api/problem";

/** The form whose content is under way: a dialog is sent before another can be opened. */
let underWay: FormInstance | null = null;

/** Sends what a form holds; what is refused of it meanwhile is told at its fields. */
export async function sendingForm<T>(form: FormInstance, send: () => Promise<T>): Promise<T> {
  underWay = form;
  try {
    return await send();
  } finally {
    underWay = null;
  }
}

/** Tells faults at the fields of the form under way; those of which it has no field are given back. */
export function tellAtFields(errors: FieldError[], said: (error: FieldError) => string): FieldError[] {
  const form = underWay;
  const names = new Set((form?.getFieldsError() ?? []).map(({ name }) => String(name[0])));
  const placed = errors.filter((each) => names.has(fieldNameOf(each)));
  form?.setFields(placed.map((each) => ({ name: fieldNameOf(each), errors: [said(each)] })));
  if (placed[0]) form?.scrollToField(fieldNameOf(placed[0]), { focus: true });
  return errors.filter((each) => !placed.includes(each));
}
