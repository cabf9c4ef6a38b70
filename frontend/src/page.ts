/** Path and query of the page that was put in the place of the one loaded; none before that. */
let shown: string | null = null;

function addressShown(): string {
  return window.location.pathname + window.location.search;
}

/**
 * Puts an answer of the server in the place of the present page, without asking for it a second
 * time (which would swallow the messages it carries).
 */
export function replacePage(html: string, url: string): void {
  const next = new DOMParser().parseFromString(html, "text/html");
  if (next.querySelector("main") === null) {
    window.location.assign(url);
    return;
  }
  document.title = next.title;
  if (url !== window.location.href) history.pushState(null, "", url);
  document.body.replaceWith(document.adoptNode(next.body));
  shown = addressShown();
  document.dispatchEvent(new CustomEvent("page:replaced"));
  window.scrollTo(0, 0);
  const summary = document.querySelector<HTMLElement>("[data-error-summary]");
  (summary ?? document.querySelector<HTMLElement>("main"))?.focus();
}

// A link to a place on the same page fires it too; there reloading would lose what was typed.
window.addEventListener("popstate", () => {
  if (shown !== null && addressShown() !== shown) window.location.reload();
});
