import { fresh } from "./elements.ts";

/** "kind:technology recycling" → the field asked about and the values that make it appear. */
export function readRule(rule: string): { name: string; values: ReadonlySet<string> } {
  const [name = "", values = ""] = rule.split(":");
  return { name, values: new Set(values.split(/\s+/).filter((value) => value !== "")) };
}

/** What is chosen under a name; a question that is hidden itself counts as not answered. */
function chosenValues(form: HTMLFormElement, name: string): string[] {
  const asked = form.querySelector(`[name="${CSS.escape(name)}"]`);
  if (asked?.closest("[data-only-when][hidden]") != null) return [];
  return new FormData(form).getAll(name).map(String);
}

function applyRules(form: HTMLFormElement): void {
  for (const part of form.querySelectorAll<HTMLElement>("[data-only-when]")) {
    const rule = readRule(part.dataset["onlyWhen"] ?? "");
    const chosen = chosenValues(form, rule.name);
    const fits = chosen.some((value) => rule.values.has(value));
    part.hidden = !fits && part.querySelector("[aria-invalid]") === null;
  }
}

/** Shows a field only when another one has a fitting value; without scripts all are shown. */
export function enhanceConditionalFields(root: ParentNode): void {
  const forms = new Set<HTMLFormElement>();
  for (const part of fresh(root, "[data-only-when]", "conditional")) {
    const form = part.closest("form");
    if (form !== null) forms.add(form);
  }
  for (const form of forms) {
    form.addEventListener("change", () => applyRules(form));
    applyRules(form);
  }
}
