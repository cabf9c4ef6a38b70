import { announce, csrfToken, fresh, make } from "./elements.ts";
import { type FormValues, readValues, sameValues } from "./form_values.ts";

const SAVE_AFTER_MS = 2500;
const RETRY_AFTER_MS = 15000;
const PRESENCE_MS = 10000;

interface SaveAnswer {
  revision: number;
  saved_at: string;
  /** Stored texts that differ from what was sent, by name of the field. */
  values: Record<string, string>;
  /** The question of each of these fields. */
  names: Record<string, string>;
  /** Questions whose stored answer the page cannot take over by itself. */
  held: string[];
  taken: string[];
  conflicts: string[];
  errors: string[];
}

interface Editor {
  name: string;
  organization: string;
  question: string;
}

interface PresenceAnswer {
  editors: Editor[];
  revision: number;
}

type TextField = HTMLInputElement | HTMLTextAreaElement;

/**
 * Saves one form that several people write at once. What others changed is put into fields that
 * were not touched since; for every other question the page remembers from which revision its text
 * comes, so that the server can merge.
 */
class Cowriting {
  private saved: FormValues;
  private bases = new Map<string, number>();
  private timer = 0;
  private busy = false;
  private submitted = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly url: string,
  ) {
    this.saved = readValues(form);
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => (this.submitted = true));
    window.addEventListener("online", () => this.schedule(0));
    window.addEventListener("pageshow", () => (this.submitted = false));
    form.addEventListener("cowriting:newer", () => this.schedule(0, true));
  }

  private changed(): void {
    if (!sameValues(readValues(this.form), this.saved)) this.schedule(SAVE_AFTER_MS);
  }

  private schedule(wait: number, force = false): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(force), wait);
  }

  private async save(force: boolean): Promise<void> {
    const sent = readValues(this.form);
    if (this.submitted || (!force && sameValues(sent, this.saved))) return;
    if (this.busy) return this.schedule(SAVE_AFTER_MS, force);
    this.busy = true;
    this.tell("保存しています", "saving");
    try {
      const answer = await this.send();
      this.take(answer, sent);
    } catch (error) {
      this.fail(error);
    } finally {
      this.busy = false;
    }
  }

  private async send(): Promise<SaveAnswer> {
    const body = new FormData(this.form);
    for (const [name, value] of [...body.entries()]) if (value instanceof File) body.delete(name);
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken(this.form) };
    const answer = await fetch(this.url, { method: "POST", body, headers, redirect: "manual" });
    if (!answer.ok) throw new Refusal(answer.type === "opaqueredirect" || answer.status === 401);
    return (await answer.json()) as SaveAnswer;
  }

  private take(answer: SaveAnswer, sent: FormValues): void {
    const before = this.revision();
    const held = new Map<string, number>();
    const hold = (key: string): void => void held.set(key, this.bases.get(key) ?? before);
    for (const key of answer.held) hold(key);
    for (const [name, value] of Object.entries(answer.values)) {
      if (!this.takeOver(name, value, sent)) hold(answer.names[name] ?? name);
    }
    this.bases = held;
    this.hidden("revision", String(answer.revision));
    this.hidden("bases", held.size === 0 ? "" : JSON.stringify(Object.fromEntries(held)));
    this.saved = sameValues(readValues(this.form), sent) ? sent : this.merged(sent, answer);
    this.form.dispatchEvent(new CustomEvent("draft:saved"));
    this.report(answer);
    this.changed(); // something may have been typed while the answer was on its way
  }

  /** Puts a text of somebody else into its field, unless it was written in meanwhile. */
  private takeOver(name: string, value: string, sent: FormValues): boolean {
    const field = this.form.elements.namedItem(name);
    if (!isText(field)) return false;
    const asSent = sent.find(([key]) => key === name)?.[1] ?? "";
    if (field.value !== asSent) return false;
    const place = field.selectionStart;
    field.value = value;
    if (document.activeElement === field && place !== null) field.setSelectionRange(place, place);
    field.dispatchEvent(new CustomEvent("cowriting:taken", { bubbles: true }));
    return true;
  }

  private merged(sent: FormValues, answer: SaveAnswer): FormValues {
    return sent.map(([name, value]) => [name, answer.values[name] ?? value] as const);
  }

  private report(answer: SaveAnswer): void {
    const state = answer.errors.length > 0 ? `（直すところ：${answer.errors.join("、")}）` : "";
    this.tell(`保存しました ${answer.saved_at}${state}`, "saved");
    const place = this.form.querySelector<HTMLElement>("[data-cowrite-notice]");
    if (place === null) return;
    if (answer.conflicts.length > 0) {
      const names = answer.conflicts.join("、");
      place.replaceChildren(
        notice("warning", `「${names}」は、ほかの人も変えています。「保存する」を押すと、見くらべて直せます。`),
      );
    } else if (answer.taken.length > 0) {
      place.replaceChildren(notice("info", `ほかの人が書いた内容が入りました：${answer.taken.join("、")}`));
    }
  }

  private fail(error: unknown): void {
    if (error instanceof Refusal) {
      const ended = "サインインの期限が切れました。内容を控えて、ページを開き直してください。";
      const refused = "自動で保存できませんでした。「保存する」を押してください。";
      this.tell(error.signedOut ? ended : refused, "failed");
      announce(error.signedOut ? ended : refused);
      return;
    }
    this.tell("つながらないため、まだ保存していません。つながったら保存します。", "failed");
    this.schedule(RETRY_AFTER_MS, true);
  }

  private tell(text: string, state: string): void {
    const place = this.form.querySelector<HTMLElement>("[data-save-state]");
    if (place === null) return;
    place.dataset["state"] = state;
    place.textContent = text;
  }

  private revision(): number {
    const field = this.form.elements.namedItem("revision");
    return field instanceof HTMLInputElement ? Number(field.value) : 0;
  }

  private hidden(name: string, value: string): void {
    const field = this.form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value;
  }
}

class Refusal extends Error {
  constructor(readonly signedOut: boolean) {
    super("refused");
  }
}

/** Says where one is writing, and shows where the others are. */
class Presence {
  private question = "";

  constructor(
    private readonly form: HTMLFormElement,
    private readonly url: string,
  ) {
    form.addEventListener("focusin", (event) => (this.question = questionOf(event.target)));
    window.setInterval(() => void this.ask(), PRESENCE_MS);
    void this.ask();
  }

  private async ask(): Promise<void> {
    if (document.hidden || !this.form.isConnected) return;
    const body = new FormData();
    body.set("question", this.question);
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken(this.form) };
    try {
      const answer = await fetch(this.url, { method: "POST", body, headers, redirect: "manual" });
      if (answer.ok) this.show((await answer.json()) as PresenceAnswer);
    } catch {
      // Out of reach for now; the next time will tell.
    }
  }

  private show(answer: PresenceAnswer): void {
    for (const place of document.querySelectorAll<HTMLElement>("[data-editors]")) {
      place.replaceChildren(...lines(answer.editors));
    }
    const field = this.form.elements.namedItem("revision");
    if (field instanceof HTMLInputElement && Number(field.value) < answer.revision) {
      this.form.dispatchEvent(new CustomEvent("cowriting:newer"));
    }
  }
}

function lines(editors: Editor[]): HTMLElement[] {
  if (editors.length === 0) return [make("p", "small soft", "ほかに書いている人はいません。")];
  const list = make("ul", "editors__list");
  for (const each of editors) {
    const where = each.question === "" ? "" : `：${each.question}`;
    list.append(make("li", "", `${each.name}（${each.organization}）さんが書いています${where}`));
  }
  return [list];
}

function questionOf(target: EventTarget | null): string {
  if (!(target instanceof HTMLElement)) return "";
  const name = target.getAttribute("name") ?? "";
  return name.startsWith("q-") ? (name.slice(2).split("-")[0] ?? "") : "";
}

function isText(field: unknown): field is TextField {
  if (field instanceof HTMLTextAreaElement) return true;
  return field instanceof HTMLInputElement && field.type === "text";
}

function notice(kind: "info" | "warning", text: string): HTMLElement {
  const banner = make("div", `banner banner--${kind}`);
  const body = make("div", "banner__body");
  body.append(make("p", "", text));
  banner.append(make("span"), body);
  return banner;
}

/** Counts down by the server's clock, whatever the clock of this device says. */
function startCountdown(place: HTMLElement): void {
  const deadline = Date.parse(place.dataset["countdown"] ?? "");
  const offset = Date.parse(place.dataset["serverNow"] ?? "") - Date.now();
  const words = place.querySelector<HTMLElement>("[data-countdown-words]");
  if (words === null || Number.isNaN(deadline) || Number.isNaN(offset)) return;
  const tick = (): void => {
    const left = Math.floor((deadline - Date.now() - offset) / 1000);
    words.textContent = left > 0 ? inWords(left) : "締切を過ぎました";
    place.classList.toggle("countdown--over", left <= 0);
    place.classList.toggle("countdown--soon", left > 0 && left < 3600);
    if (left <= 0 || !place.isConnected) window.clearInterval(timer);
  };
  const timer = window.setInterval(tick, 1000);
  tick();
}

function inWords(seconds: number): string {
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days > 0) return hours > 0 ? `あと${days}日と${hours}時間` : `あと${days}日`;
  if (hours > 0) return `あと${hours}時間${minutes}分`;
  return `あと${minutes}分${seconds % 60}秒`;
}

export function enhanceCowriting(root: ParentNode): void {
  for (const form of fresh<HTMLFormElement>(root, "form[data-cowrite-url]", "cowriting")) {
    new Cowriting(form, form.dataset["cowriteUrl"] ?? "");
  }
  for (const form of fresh<HTMLFormElement>(root, "form[data-presence-url]", "presence")) {
    new Presence(form, form.dataset["presenceUrl"] ?? "");
  }
  for (const place of fresh<HTMLElement>(root, "[data-countdown]", "countdown")) startCountdown(place);
}
