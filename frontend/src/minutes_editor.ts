import { forgetDraft, keepDraft, markSubmitted, readDraft } from "./draft_store.ts";
import { announce, csrfToken, fresh, make, makeButton } from "./elements.ts";

const SAVE_AFTER_MS = 2000;
const LOOK_EVERY_MS = 8000;
const RETRY_AFTER_MS = 15000;

interface SaveAnswer {
  saved_at: string;
  body: string;
  revision: number;
  base: number;
  others: string[];
  writing: string[];
}

interface LatestAnswer {
  revision: number;
  body: string | null;
  writing: string[];
}

/**
 * Writes one text together with others. What others saved comes into the field while nothing unsaved
 * stands in it; otherwise the next save merges on the server. The hidden `base` always names the
 * version whose text the field began with, so no sentence of anybody is overwritten.
 */
class MinutesEditor {
  private readonly form: HTMLFormElement;
  private readonly field: HTMLTextAreaElement;
  private readonly base: HTMLInputElement;
  private readonly key = window.location.pathname;
  private saved: string;
  private timer = 0;
  private busy = false;
  private stopped = false;

  constructor(private readonly place: HTMLElement) {
    this.form = place.querySelector("form") as HTMLFormElement;
    this.field = this.form.elements.namedItem("body") as HTMLTextAreaElement;
    this.base = this.form.elements.namedItem("base") as HTMLInputElement;
    this.saved = this.field.defaultValue;
    this.field.addEventListener("input", () => this.changed());
    this.form.addEventListener("submit", () => this.submit());
    window.addEventListener("online", () => this.schedule(0));
    window.addEventListener("pageshow", () => (this.stopped = false));
    window.addEventListener("beforeunload", (event) => {
      if (!this.stopped && this.isDirty() && this.place.isConnected) event.preventDefault();
    });
    window.setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.offerCopy();
  }

  private isDirty(): boolean {
    return this.field.value !== this.saved;
  }

  private changed(): void {
    if (!this.isDirty()) return;
    this.keepCopy();
    this.schedule(SAVE_AFTER_MS);
  }

  private schedule(wait: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), wait);
  }

  private keepCopy(): boolean {
    return keepDraft(this.key, [["body", this.field.value], ["base", this.base.value]]);
  }

  private submit(): void {
    this.stopped = true;
    window.clearTimeout(this.timer);
    if (this.isDirty()) this.keepCopy();
    markSubmitted(this.key);
  }

  private async save(): Promise<void> {
    if (this.stopped || !this.isDirty()) return;
    if (this.busy) return this.schedule(SAVE_AFTER_MS);
    this.busy = true;
    const sent = this.field.value;
    this.tell("保存しています", "saving");
    try {
      await this.take(await this.send(), sent);
    } catch {
      this.fail("つながらないため、この端末に残しています。つながったら保存します。");
      this.schedule(RETRY_AFTER_MS);
    } finally {
      this.busy = false;
    }
  }

  private send(): Promise<Response> {
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken(this.form) };
    const body = new FormData(this.form);
    return fetch(this.place.dataset["saveUrl"] ?? "", { method: "POST", body, headers, redirect: "manual" });
  }

  private async take(answer: Response, sent: string): Promise<void> {
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      return this.fail("サインインの期限が切れました。書いた内容はこの端末に残しています。");
    }
    if (!answer.ok) return this.fail(await reason(answer));
    const saved = (await answer.json()) as SaveAnswer;
    if (this.field.value === sent) {
      this.show(saved.body, saved.revision);
      forgetDraft(this.key);
    } else {
      this.saved = sent;
      this.base.value = String(saved.base);
      this.changed();
    }
    const others = saved.others.length > 0 ? `（${saved.others.join("さん、")}さんの文も入りました）` : "";
    this.tell(`保存しました ${saved.saved_at}${others}`, "saved");
    this.tellWriting(saved.writing);
  }

  /** Others' text comes in while nothing of one's own waits to be saved. */
  private async look(): Promise<void> {
    if (this.busy || this.stopped || document.hidden || !this.place.isConnected) return;
    try {
      const url = `${this.place.dataset["latestUrl"] ?? ""}?revision=${this.base.value}`;
      const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "manual" });
      if (!answer.ok) return;
      const latest = (await answer.json()) as LatestAnswer;
      if (latest.body !== null && !this.isDirty() && !this.busy) this.show(latest.body, latest.revision);
      this.tellWriting(latest.writing);
    } catch {
      // The next look, or the next save, tells that there is no connection.
    }
  }

  /** Puts a text into the field; the cursor stays with the words it stood in. */
  private show(text: string, revision: number): void {
    this.base.value = String(revision);
    if (text !== this.field.value) {
      const { selectionStart, selectionEnd, scrollTop } = this.field;
      const before = this.field.value;
      this.field.value = text;
      this.field.setSelectionRange(moved(before, text, selectionStart), moved(before, text, selectionEnd));
      this.field.scrollTop = scrollTop;
    }
    this.saved = this.field.value;
  }

  private fail(message: string): void {
    const kept = this.keepCopy();
    this.tell(kept ? message : "保存できませんでした。内容を控えてください。", "failed");
    announce(message);
  }

  private tell(text: string, state: string): void {
    const place = this.form.querySelector<HTMLElement>("[data-save-state]");
    if (place === null) return;
    place.dataset["state"] = state;
    place.textContent = text;
  }

  private tellWriting(names: string[]): void {
    const place = document.querySelector<HTMLElement>("[data-writing]");
    const text = names.length > 0 ? `いま${names.join("さん、")}さんも書いています。` : "";
    if (place !== null && place.textContent !== text) place.textContent = text;
  }

  private offerCopy(): void {
    const draft = readDraft(this.key);
    const values = new Map(draft?.values ?? []);
    const body = values.get("body");
    if (draft === undefined || body === undefined || body === this.field.value) return forgetDraft(this.key);
    const offer = make("div", "banner banner--wait");
    const content = make("div", "banner__body");
    const row = make("div", "button-row");
    const back = makeButton("書きかけを戻す", "solid");
    const drop = makeButton("戻さずに消す", "outline");
    back.addEventListener("click", () => {
      this.field.value = body;
      this.base.value = values.get("base") ?? this.base.value;
      offer.remove();
      this.schedule(0);
    });
    drop.addEventListener("click", () => {
      forgetDraft(this.key);
      offer.remove();
    });
    row.append(back, drop);
    content.append(make("p", "banner__title", "この端末に、保存していない書きかけがあります"), row);
    offer.append(make("span"), content);
    this.form.prepend(offer);
    announce("この端末に書きかけがあります。");
  }
}

async function reason(answer: Response): Promise<string> {
  try {
    const { message, is_contradiction } = (await answer.json()) as { message: string; is_contradiction: boolean };
    return is_contradiction ? `${message}「保存して読む」を押すと、並べて見られます。` : message;
  } catch {
    return "保存できませんでした。書いた内容はこの端末に残しています。";
  }
}

/** Where a position of the old text is in the new one: behind the common beginning it moves along. */
function moved(before: string, after: string, position: number): number {
  let common = 0;
  const most = Math.min(before.length, after.length);
  while (common < most && before[common] === after[common]) common++;
  if (position <= common) return position;
  return Math.max(common, position + after.length - before.length);
}

export function enhanceMinutesEditors(root: ParentNode): void {
  for (const place of fresh<HTMLElement>(root, "[data-minutes-editor]", "minutes")) new MinutesEditor(place);
}
