import { fresh } from "./elements.ts";

const WIDE = window.matchMedia("(min-width: 64rem)");

function closeWithEscape(details: HTMLDetailsElement): void {
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    details.querySelector("summary")?.focus();
  });
}

/** Menus close when one presses elsewhere, leaves them with the keyboard, or presses Escape. */
function closeWhenLeft(details: HTMLDetailsElement): void {
  document.addEventListener("click", (event) => {
    if (!details.contains(event.target as Node)) details.open = false;
  });
  details.addEventListener("focusout", (event) => {
    const next = event.relatedTarget;
    // Pressing a label gives the focus for a moment to what is around the panel (main).
    const isElsewhere = next instanceof Node && !details.contains(next) && !next.contains(details);
    if (isElsewhere) details.open = false;
  });
  closeWithEscape(details);
}

export function enhanceDisclosures(root: ParentNode): void {
  for (const details of fresh<HTMLDetailsElement>(root, "details[data-closes]", "closes")) {
    closeWhenLeft(details);
  }
  for (const panel of fresh<HTMLDetailsElement>(root, "details[data-open-wide]", "wide")) {
    if (WIDE.matches) panel.open = true;
    WIDE.addEventListener("change", (event) => (panel.open = event.matches));
  }
}
