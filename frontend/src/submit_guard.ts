import { fresh } from "./elements.ts";

const sending = new WeakSet<HTMLFormElement>();

function submitButtons(form: HTMLFormElement): HTMLButtonElement[] {
  return [...form.querySelectorAll<HTMLButtonElement>('button[type="submit"], button:not([type])')];
}

function markSending(form: HTMLFormElement, isSending: boolean): void {
  for (const button of submitButtons(form)) {
    if (isSending) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

/** A form is sent once however often the button is pressed; coming back makes it usable again. */
export function enhanceSubmitGuards(root: ParentNode): void {
  const selector = 'form[method="post"]:not([data-no-guard], [data-hx-post])';
  for (const form of fresh<HTMLFormElement>(root, selector, "guard")) {
    form.addEventListener("submit", (event) => {
      if (sending.has(form)) {
        event.preventDefault();
        return;
      }
      if (event.defaultPrevented) return;
      sending.add(form);
      markSending(form, true);
    });
  }
}

/** Lets the form be sent again, after an answer that left it in the page. */
export function release(form: HTMLFormElement): void {
  sending.delete(form);
  markSending(form, false);
}

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll<HTMLFormElement>("form")) release(form);
});
