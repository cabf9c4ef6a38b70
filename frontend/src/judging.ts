import { fresh } from "./elements.ts";

const TYPING = "textarea, select, input:not([type=radio])";

/**
 * Lets a judge answer by the keys 1, 2 and 3 while the form has the focus, never while typing.
 */
export function enhanceJudging(root: ParentNode): void {
  for (const form of fresh<HTMLFormElement>(root, "form[data-judging]", "judging")) {
    form.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if ((event.target as HTMLElement).matches(TYPING)) return;
      const choice = form.querySelector<HTMLInputElement>(`input[data-key="${CSS.escape(event.key)}"]`);
      if (choice === null) return;
      event.preventDefault();
      choice.checked = true;
      choice.focus();
    });
  }
}
