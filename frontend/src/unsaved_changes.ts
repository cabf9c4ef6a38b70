import { fresh } from "./elements.ts";
import { readValues, sameValues } from "./form_values.ts";

/** Asks before leaving while a form holds something that is not saved. */
export function enhanceUnsavedWarnings(root: ParentNode): void {
  for (const form of fresh<HTMLFormElement>(root, "form[data-warn-unsaved]", "unsaved")) {
    let saved = readValues(form);
    let leaving = false;
    form.addEventListener("submit", () => (leaving = true));
    form.addEventListener("draft:saved", () => (saved = readValues(form)));
    window.addEventListener("pageshow", () => (leaving = false));
    window.addEventListener("beforeunload", (event) => {
      if (leaving || !form.isConnected || sameValues(readValues(form), saved)) return;
      event.preventDefault();
    });
  }
}
