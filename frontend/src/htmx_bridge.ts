import { announce, csrfToken } from "./elements.ts";

interface RequestDetail {
  headers: Record<string, string>;
}

/** Ties htmx to the rest: the token goes along, what arrives is enhanced, changes are told. */
export function connectHtmx(enhance: (root: ParentNode) => void): void {
  document.addEventListener("htmx:configRequest", (event) => {
    const detail = (event as CustomEvent<RequestDetail>).detail;
    const token = csrfToken();
    if (token !== "") detail.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:load", (event) => {
    if (event.target instanceof HTMLElement && event.target !== document.body) enhance(event.target);
  });
  document.addEventListener("htmx:afterSettle", () => {
    const count = document.querySelector("[data-result-count]")?.textContent?.trim();
    if (count !== undefined && count !== "") announce(count.replace(/\s+/g, " "));
  });
  document.addEventListener("htmx:responseError", followFailure);
  document.addEventListener("htmx:sendError", followFailure);
}

/** When the quick way fails (signed out, offline), the form goes the ordinary way. */
function followFailure(event: Event): void {
  const target = event.target;
  if (target instanceof HTMLFormElement && target.method === "get") target.submit();
}
