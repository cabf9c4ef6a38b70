import { announce, fresh } from "./elements.ts";

function links(bar: HTMLElement): HTMLAnchorElement[] {
  return [...bar.querySelectorAll<HTMLAnchorElement>("a[data-panel]")];
}

function panelOf(link: HTMLAnchorElement): HTMLElement | null {
  return document.getElementById(link.dataset["panel"] ?? "");
}

function show(bar: HTMLElement, chosen: HTMLAnchorElement): void {
  for (const link of links(bar)) {
    const panel = panelOf(link);
    if (panel !== null) panel.hidden = link !== chosen;
    if (link === chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Switches between list, table and map at once when all are in the page; the address follows. */
export function enhanceViewSwitches(root: ParentNode): void {
  for (const bar of fresh(root, "[data-view-switch]", "views")) {
    if (!links(bar).length || links(bar).some((link) => panelOf(link) === null)) continue;
    for (const link of links(bar)) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        show(bar, link);
        history.replaceState(history.state, "", link.href);
        announce(`${link.textContent?.trim() ?? ""}の表示にしました`);
      });
    }
    const current = links(bar).find((link) => link.hasAttribute("aria-current")) ?? links(bar)[0];
    if (current !== undefined) show(bar, current);
  }
}
