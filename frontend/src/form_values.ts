/** What a person typed into a form, as names and values, and how to put it back. */

export type FormValues = ReadonlyArray<readonly [string, string]>;

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const NEVER_KEPT = new Set(["password", "file", "submit", "button", "reset"]);

function controls(form: HTMLFormElement): Control[] {
  const all = [...form.elements].filter(
    (element): element is Control =>
      element instanceof HTMLInputElement ||
      element instanceof HTMLSelectElement ||
      element instanceof HTMLTextAreaElement,
  );
  return all.filter((control) => control.name !== "" && isKept(control));
}

/** Secrets and files are never kept; hidden fields only where they carry a choice of the person. */
function isKept(control: Control): boolean {
  if (control.type === "hidden") return control.dataset["draft"] !== undefined;
  return !NEVER_KEPT.has(control.type);
}

/** Reads the values a person may have changed. */
export function readValues(form: HTMLFormElement): FormValues {
  const values: Array<[string, string]> = [];
  for (const control of controls(form)) {
    if (control instanceof HTMLSelectElement) {
      for (const option of control.selectedOptions) values.push([control.name, option.value]);
    } else if (isBox(control)) {
      if (control.checked) values.push([control.name, control.value]);
    } else {
      values.push([control.name, control.value]);
    }
  }
  return values;
}

function isBox(control: Control): control is HTMLInputElement {
  return control.type === "checkbox" || control.type === "radio";
}

/** Puts values back and tells everything that listens that they changed. */
export function writeValues(form: HTMLFormElement, values: FormValues): void {
  const byName = groupByName(values);
  for (const control of controls(form)) {
    const kept = byName.get(control.name) ?? [];
    if (isBox(control)) control.checked = kept.includes(control.value);
    else if (control instanceof HTMLSelectElement) select(control, kept);
    else control.value = kept.shift() ?? "";
    showCarried(control);
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function groupByName(values: FormValues): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of values) groups.set(name, [...(groups.get(name) ?? []), value]);
  return groups;
}

function select(control: HTMLSelectElement, kept: readonly string[]): void {
  for (const option of control.options) option.selected = kept.includes(option.value);
}

/** The visible half of a combobox follows the value it carries. */
function showCarried(control: Control): void {
  const visible = control.previousElementSibling;
  if (control.type === "hidden" && visible instanceof HTMLInputElement) visible.value = control.value;
}

/** Whether two sets of values are the same. */
export function sameValues(one: FormValues, other: FormValues): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
