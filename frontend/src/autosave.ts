import { forgetAllDrafts, forgetDraft, keepDraft, markSubmitted, readDraft, takeSubmitted } from "./draft_store.ts";
import { announce, csrfToken, fresh, make, makeButton } from "./elements.ts";
import { type FormValues, readValues, sameValues, writeValues } from "./form_values.ts";

const SAVE_AFTER_MS = 3000;
const KEEP_AFTER_MS = 400;
const RETRY_AFTER_MS = 15000;

/** Pages that mean the form sent before did not arrive: its copy stays. */
const NOT_ARRIVED = new Set(["error", "account"]);

interface SaveAnswer {
  saved_at?: string;
  fields?: Record<string, string>;
  autosave_url?: string;
}

type Outcome = "saved" | "signed_out" | "refused" | "unreachable";

const MESSAGES: Record<Exclude<Outcome, "saved">, string> = {
  signed_out: "サインインの期限が切れました。書いた内容はこの端末に残しています。",
  refused: "保存できませんでした。書いた内容はこの端末に残しています。",
  unreachable: "つながらないため、この端末に残しています。つながったら保存します。",
};

/** Saves one form while it is being written. */
class Autosave {
  private saved: FormValues;
  private keepTimer = 0;
  private saveTimer = 0;
  private saving = false;
  private submitted = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly key: string,
  ) {
    this.saved = readValues(form);
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => this.submit());
    window.addEventListener("online", () => this.schedule(0));
    window.addEventListener("pageshow", () => (this.submitted = false));
    document.addEventListener("visibilitychange", () => this.keepNow());
    this.offerDraft();
  }

  private changed(): void {
    if (sameValues(readValues(this.form), this.saved)) return;
    window.clearTimeout(this.keepTimer);
    this.keepTimer = window.setTimeout(() => this.keepNow(), KEEP_AFTER_MS);
    this.schedule(SAVE_AFTER_MS);
  }

  private schedule(wait: number): void {
    window.clearTimeout(this.saveTimer);
    this.saveTimer = window.setTimeout(() => void this.save(), wait);
  }

  private keepNow(): void {
    const values = readValues(this.form);
    if (!sameValues(values, this.saved)) keepDraft(this.key, values);
  }

  private submit(): void {
    this.submitted = true;
    window.clearTimeout(this.saveTimer);
    this.keepNow();
    markSubmitted(this.key);
  }

  private async save(): Promise<void> {
    const values = readValues(this.form);
    if (this.submitted || sameValues(values, this.saved)) return;
    if (this.saving) return this.schedule(SAVE_AFTER_MS);
    this.saving = true;
    this.tell("保存しています", "saving", false);
    const outcome = await this.send();
    this.saving = false;
    if (outcome === "saved") this.settle(values);
    else this.fail(outcome);
  }

  private async send(): Promise<Outcome> {
    const url = this.form.dataset["autosaveUrl"] ?? "";
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken(this.form) };
    try {
      const body = new FormData(this.form);
      const answer = await fetch(url, { method: "POST", body, headers, redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 401) return "signed_out";
      if (!answer.ok) return "refused";
      this.take((await answer.json()) as SaveAnswer);
      return "saved";
    } catch {
      return "unreachable";
    }
  }

  /** The answer may renew hidden fields (such as the revision) and the address to save to. */
  private take(answer: SaveAnswer): void {
    for (const [name, value] of Object.entries(answer.fields ?? {})) {
      const field = this.form.elements.namedItem(name);
      if (field instanceof HTMLInputElement) field.value = value;
    }
    if (answer.autosave_url !== undefined) this.form.dataset["autosaveUrl"] = answer.autosave_url;
    this.tell(`保存しました ${answer.saved_at ?? clock(new Date())}`, "saved", false);
  }

  private settle(values: FormValues): void {
    this.saved = values;
    forgetDraft(this.key);
    this.form.dispatchEvent(new CustomEvent("draft:saved"));
    this.changed(); // something may have been typed while the answer was on its way
  }

  private fail(outcome: Exclude<Outcome, "saved">): void {
    const kept = keepDraft(this.key, readValues(this.form));
    const message = kept ? MESSAGES[outcome] : "保存できませんでした。内容を控えてください。";
    this.tell(message, "failed", true);
    if (outcome === "unreachable") this.schedule(RETRY_AFTER_MS);
  }

  private tell(text: string, state: string, important: boolean): void {
    const place = this.form.querySelector<HTMLElement>("[data-save-state]");
    if (place === null) {
      if (important) announce(text);
      return;
    }
    place.dataset["state"] = state;
    place.textContent = text;
  }

  private offerDraft(): void {
    const draft = readDraft(this.key);
    if (draft === undefined || sameValues(draft.values, this.saved)) return forgetDraft(this.key);
    const offer = make("div", "banner banner--wait");
    const body = make("div", "banner__body");
    const row = make("div", "button-row");
    const back = makeButton("書きかけを戻す", "solid");
    const drop = makeButton("戻さずに消す", "outline");
    back.addEventListener("click", () => this.restore(draft.values, offer));
    drop.addEventListener("click", () => this.drop(offer));
    row.append(back, drop);
    body.append(make("p", "banner__title", `この端末に書きかけがあります（${moment(draft.savedAt)}）`), row);
    offer.append(make("span"), body);
    this.form.prepend(offer);
    announce("この端末に書きかけがあります。");
  }

  private restore(values: FormValues, offer: HTMLElement): void {
    writeValues(this.form, values);
    offer.remove();
    announce("書きかけを戻しました。");
    this.schedule(0);
  }

  private drop(offer: HTMLElement): void {
    forgetDraft(this.key);
    offer.remove();
    announce("書きかけを消しました。");
  }
}

function clock(when: Date): string {
  return `${when.getHours()}:${String(when.getMinutes()).padStart(2, "0")}`;
}

function moment(iso: string): string {
  const when = new Date(iso);
  return `${when.getMonth() + 1}月${when.getDate()}日 ${clock(when)}`;
}

/** Once the page after a sent form has arrived, the copy of that form is not needed any more. */
export function settleSubmittedDraft(): void {
  const key = takeSubmitted();
  if (key === undefined || NOT_ARRIVED.has(document.body.dataset["page"] ?? "")) return;
  forgetDraft(key);
}

export function enhanceAutosave(root: ParentNode): void {
  for (const form of fresh<HTMLFormElement>(root, "form[data-autosave-url]", "autosave")) {
    new Autosave(form, form.dataset["autosaveKey"] ?? window.location.pathname);
  }
  for (const form of fresh<HTMLFormElement>(root, "form[data-clear-drafts]", "drafts")) {
    form.addEventListener("submit", forgetAllDrafts);
  }
}
