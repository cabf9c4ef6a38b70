import { announce, fresh } from "./elements.ts";

const SHOWN_FOR_MS = 2500;

async function copy(button: HTMLButtonElement, label: HTMLElement): Promise<void> {
  const before = label.textContent ?? "";
  const done = button.dataset["copyDone"] ?? "コピーしました";
  try {
    await navigator.clipboard.writeText(button.dataset["copy"] ?? "");
    label.textContent = done;
  } catch {
    label.textContent = "コピーできませんでした";
  }
  announce(label.textContent);
  setTimeout(() => (label.textContent = before), SHOWN_FOR_MS);
}

export function enhanceCopyButtons(root: ParentNode): void {
  for (const button of fresh<HTMLButtonElement>(root, "[data-copy]", "copy")) {
    const label = button.querySelector<HTMLElement>("[data-copy-label]") ?? button;
    button.addEventListener("click", () => void copy(button, label));
  }
}
