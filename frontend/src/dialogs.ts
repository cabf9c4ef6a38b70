import { fresh, make, makeButton } from "./elements.ts";

function openDialog(id: string): void {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
}

/** Buttons that open and close the dialogs written in the page. */
export function enhanceDialogs(root: ParentNode): void {
  for (const button of fresh(root, "[data-dialog-open]", "dialog")) {
    button.addEventListener("click", () => openDialog(button.dataset["dialogOpen"] ?? ""));
  }
  for (const button of fresh(root, "[data-dialog-close]", "dialog")) {
    button.addEventListener("click", () => button.closest("dialog")?.close());
  }
}

function buildQuestion(question: string, action: string): HTMLDialogElement {
  const dialog = make("dialog", "dialog");
  const title = make("h2", "", question);
  title.id = "confirm-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const row = make("div", "button-row");
  const go = makeButton(action, "solid", "medium");
  const stay = makeButton("やめる", "outline", "medium");
  go.addEventListener("click", () => dialog.close("go"));
  stay.addEventListener("click", () => dialog.close());
  row.append(go, stay);
  dialog.append(title, row);
  return dialog;
}

/** Asks a question in a dialog and tells whether the person wants to go on. */
export function ask(question: string, action: string): Promise<boolean> {
  const dialog = buildQuestion(question, action);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "go");
    });
  });
}

/** Forms that ask before they are sent. */
export function enhanceConfirmations(root: ParentNode): void {
  for (const form of fresh<HTMLFormElement>(root, "form[data-confirm]", "confirm")) {
    let confirmed = false;
    form.addEventListener("submit", (event) => {
      if (confirmed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const submitter = event.submitter;
      void ask(form.dataset["confirm"] ?? "", form.dataset["confirmButton"] ?? "進む").then((yes) => {
        confirmed = yes;
        if (yes) form.requestSubmit(submitter);
        confirmed = false;
      });
    });
  }
}
