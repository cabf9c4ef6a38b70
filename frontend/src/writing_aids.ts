import { announce, csrfToken, fresh } from "./elements.ts";

const READ_AFTER_MS = 800;
const ASK_AFTER_MS = 4000;

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
type Changes = Record<string, string | string[]>;

/**
 * Reads the text anew while somebody types, without encoding it; the ranking is asked for a missing
 * field only after a longer pause. What is suggested is put into the fields here, at once.
 */
class WritingAids {
  private readTimer = 0;
  private askTimer = 0;
  private running: AbortController | undefined;
  private readonly url: string;

  constructor(
    private readonly box: HTMLElement,
    private readonly form: HTMLFormElement,
  ) {
    this.url = box.dataset["readUrl"] ?? "";
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    box.addEventListener("click", (event) => this.pressed(event));
  }

  private changed(): void {
    window.clearTimeout(this.readTimer);
    window.clearTimeout(this.askTimer);
    this.readTimer = window.setTimeout(() => void this.read(), READ_AFTER_MS);
    this.askTimer = window.setTimeout(() => void this.read("ask", "1"), ASK_AFTER_MS);
  }

  private pressed(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const link = event.target.closest<HTMLAnchorElement>('a[href^="#"]');
    if (link !== null) return this.open(link.hash.slice(1));
    const button = event.target.closest<HTMLButtonElement>("button[data-aid], button[data-aids-read]");
    if (button === null) return;
    event.preventDefault();
    const order = button.dataset["aid"];
    if (order === "apply") return this.apply(button);
    this.stepAside(button);
    void this.read(order, button.value);
  }

  /** Opens what is folded around a field, so that a link to it leads somewhere. */
  private open(id: string): void {
    let place = document.getElementById(id)?.closest("details");
    while (place) {
      place.open = true;
      place = place.parentElement?.closest("details");
    }
  }

  private apply(button: HTMLButtonElement): void {
    const changes = JSON.parse(button.dataset["changes"] ?? "{}") as Changes;
    for (const [name, value] of Object.entries(changes)) this.fill(name, value);
    const words = button.closest(".aid")?.querySelector(".aid__value")?.textContent ?? "";
    this.stepAside(button);
    button.closest(".aid")?.remove();
    this.tell(`${words.trim().replace(/\s+/g, "：")}を入れました`);
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private fill(name: string, value: string | string[]): void {
    const wanted = Array.isArray(value) ? value : [value];
    const named = [...this.form.elements].filter((e): e is Control => "name" in e && e.name === name);
    for (const control of named) {
      if (control instanceof HTMLInputElement && /^(checkbox|radio)$/.test(control.type)) {
        if (!wanted.includes(control.value)) continue;
        control.checked = true;
      } else {
        control.value = wanted[0] ?? "";
      }
      control.dispatchEvent(new Event("input", { bubbles: true }));
      control.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  /** The button will be gone: the keyboard goes on at the next one, or at the panel. */
  private stepAside(button: HTMLButtonElement): void {
    const items = [...this.box.querySelectorAll<HTMLElement>("[data-aid-key]")];
    const place = items.findIndex((item) => item.contains(button));
    const next = items[place + 1] ?? items[place - 1];
    const goal = place < 0 ? null : next?.querySelector<HTMLElement>("button");
    (goal ?? this.box.querySelector<HTMLElement>("[data-aids-read]"))?.focus({ preventScroll: true });
  }

  private async read(order?: string, value = "1"): Promise<void> {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    const body = new FormData(this.form);
    if (order !== undefined && order !== "") body.set(order, value);
    const headers = { "X-Part": "panel", "X-CSRFToken": csrfToken(this.form) };
    this.tell("読み取っています", false);
    try {
      const options = { method: "POST", body, headers, signal: running.signal } as const;
      const answer = await fetch(this.url, { ...options, redirect: "manual" });
      if (!answer.ok) return this.tell("いまは読み取れません。書いた内容はそのままです。");
      this.show(await answer.text(), order === "ask");
    } catch {
      if (!running.signal.aborted) this.tell("つながりません。書いた内容はそのままです。");
    }
  }

  /** Takes over only what changed, and leaves the keyboard where it was. */
  private show(html: string, asked: boolean): void {
    const parts = new DOMParser().parseFromString(html, "text/html");
    const readings = parts.querySelector<HTMLElement>("[data-aids-readings]");
    const count = Number(readings?.dataset["count"] ?? "0");
    this.replace(parts, "[data-aids-readings]");
    if (asked || this.hasNoQuestion()) this.replace(parts, "[data-aids-question]");
    this.tell(count === 0 ? "加える候補はありません" : `候補が${count}件あります`, false);
  }

  private hasNoQuestion(): boolean {
    return this.box.querySelector("[data-aids-question] > *") === null;
  }

  private replace(parts: Document, selector: string): void {
    const old = this.box.querySelector<HTMLElement>(selector);
    const fetched = parts.querySelector<HTMLElement>(selector);
    if (old === null || fetched === null || old.innerHTML === fetched.innerHTML) return;
    const active = document.activeElement;
    const held = active instanceof HTMLButtonElement && old.contains(active) ? active : undefined;
    old.replaceWith(fetched);
    if (held === undefined) return;
    const same = [...fetched.querySelectorAll<HTMLButtonElement>("button")].find(
      (button) => button.name === held.name && button.value === held.value,
    );
    (same ?? this.box.querySelector<HTMLElement>("[data-aids-read]"))?.focus({ preventScroll: true });
  }

  private tell(text: string, important = true): void {
    const place = this.box.querySelector<HTMLElement>("[data-aids-state]");
    if (place !== null) place.textContent = text;
    if (important && place === null) announce(text);
  }
}

export function enhanceWritingAids(root: ParentNode): void {
  for (const box of fresh<HTMLElement>(root, "[data-writing-aids]", "writing-aids")) {
    const form = document.getElementById(box.dataset["form"] ?? "");
    if (form instanceof HTMLFormElement) new WritingAids(box, form);
  }
}
