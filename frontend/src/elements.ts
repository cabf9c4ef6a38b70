/** Small things several parts need to find and make elements. */

const enhanced = new WeakMap<Element, Set<string>>();

/** Elements matching `selector` inside `root` (or `root` itself) that `part` has not met yet. */
export function fresh<T extends HTMLElement>(root: ParentNode, selector: string, part: string): T[] {
  const found = [...root.querySelectorAll<T>(selector)];
  if (root instanceof HTMLElement && root.matches(selector)) found.unshift(root as unknown as T);
  return found.filter((element) => {
    const parts = enhanced.get(element) ?? new Set<string>();
    if (parts.has(part)) return false;
    enhanced.set(element, parts.add(part));
    return true;
  });
}

/** Tells screen readers something that changed on its own. */
export function announce(text: string): void {
  const announcer = document.getElementById("announcer");
  if (announcer !== null) announcer.textContent = text;
}

/** Makes an element with a class and text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className = "",
  text = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (className !== "") element.className = className;
  if (text !== "") element.textContent = text;
  return element;
}

/** A button in our look; small unless told otherwise. */
export function makeButton(
  text: string,
  variant: "solid" | "outline" | "text",
  size: "small" | "medium" = "small",
): HTMLButtonElement {
  const button = make("button", `button button--${variant} button--${size}`, text);
  button.type = "button";
  return button;
}

/** The token that proves a request comes from our own page, from the form or the page's head. */
export function csrfToken(form?: HTMLFormElement): string {
  const field = form?.querySelector<HTMLInputElement>('input[name="csrf_token"]');
  const meta = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
  return field?.value ?? meta?.content ?? "";
}
