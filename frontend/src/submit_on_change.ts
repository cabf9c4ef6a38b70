import { fresh } from "./elements.ts";

/** The choice of an order takes effect at once; its button is for those without scripts. */
export function enhanceSubmitOnChange(root: ParentNode): void {
  for (const form of fresh<HTMLFormElement>(root, "form[data-submit-on-change]", "change")) {
    form.querySelector<HTMLButtonElement>('button[type="submit"]')?.classList.add("visually-hidden");
    form.addEventListener("change", () => form.requestSubmit());
  }
}
