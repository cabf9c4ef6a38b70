import { fresh, makeButton } from "./elements.ts";

/** A button beside a password that shows what is typed. */
export function enhancePasswordFields(root: ParentNode): void {
  for (const input of fresh<HTMLInputElement>(root, "input[data-reveal]", "reveal")) {
    const button = makeButton("表示する", "text");
    button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-controls", input.id);
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      button.textContent = shown ? "隠す" : "表示する";
    });
    input.form?.addEventListener("submit", () => (input.type = "password"));
    input.after(button);
  }
}
