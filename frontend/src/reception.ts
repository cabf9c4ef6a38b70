/**
 * The phone's page of the reception: every scan goes to the service; without a connection it is
 * looked up in the list and waits on the phone until it can be sent. Without this script the page
 * is a form.
 */
import { make, makeButton } from "./elements.ts";
import { Camera, loadReader } from "./reception_camera.ts";
import { type Person, type Waiting, Keeping, digestOf, readCode, searchForm } from "./reception_list.ts";

interface Shown {
  signal: "green" | "yellow" | "red";
  title: string;
  text: string;
  person?: { name: string; organization: string; track: string; kana?: string; role?: string } | null;
}
interface Answer extends Shown {
  id: string;
  outcome: string;
}
interface State {
  csrf?: string;
  may_keep: boolean;
  presence: Array<{ track: string; words: string }>;
  notices: string[];
}

const POLL_MS = 10_000;
const PATIENCE_MS = 6000;
const SAME_CODE_MS = 4000;
const BATCH = 100;
const FOUND_MOST = 12;
const THERE = new Set(["taken", "already"]);
const WORDS: Record<string, Shown> = {
  waiting: { signal: "red", title: "キャンセル待ちです", text: "席はまだ確定していません。電波が戻ってから、一覧で確かめてください。" },
  pending: { signal: "red", title: "登録が終わっていません", text: "電波が戻ってから、一覧で確かめてください。" },
  cancelled: { signal: "red", title: "取り消された登録です", text: "電波が戻ってから、当日参加として受け付けられます。" },
  elsewhere: { signal: "red", title: "会場の席がありません", text: "会場以外で参加する予定の人です。電波が戻ってから、一覧で確かめてください。" },
};
const LATER = "電波が戻ったら送ります。";

class Door {
  private token = "";
  private people: Map<string, Person> | null = null;
  private isConnected = true;
  private without = "この端末に名簿はありません。";
  private isSending = false;
  private last = { code: "", at: 0 };
  private readonly camera: Camera;

  constructor(
    private readonly root: HTMLElement,
    private readonly keeping: Keeping,
  ) {
    this.camera = new Camera(this.find("[data-video]"), (code) => void this.scanned(code));
  }

  async start(): Promise<void> {
    this.listen();
    await this.showList();
    await this.poll();
    setInterval(() => void this.poll(), POLL_MS);
    window.addEventListener("online", () => void this.poll());
    window.addEventListener("offline", () => void this.lost());
  }

  private listen(): void {
    this.on("[data-code-form]", "submit", () => {
      const field = this.find<HTMLInputElement>("#code");
      void this.take(field.value).then(() => {
        field.value = "";
        field.focus();
      });
    });
    this.find("[data-search-form]").addEventListener("submit", (event) => {
      if (this.people === null || this.isConnected) return; // the desk searches
      event.preventDefault();
      this.search();
    });
    this.on("[data-camera-start]", "click", () => void this.look());
    this.on("[data-camera-stop]", "click", () => this.endLook());
    this.on("[data-list-form]", "submit", () => void this.takeList());
    this.on("[data-unlock-form]", "submit", () => void this.unlock());
    this.on("[data-forget-button]", "click", () => void this.forget("名簿を消しました。"));
    this.on("[data-check-clear]", "click", () => {
      this.find("[data-check-list]").replaceChildren();
      this.find("[data-check]").hidden = true;
    });
  }

  private async look(): Promise<void> {
    const note = this.find("[data-camera-note]");
    note.hidden = true;
    try {
      this.find("[data-camera]").hidden = false;
      await this.camera.start();
      this.find("[data-camera-start]").hidden = true;
      this.find("[data-camera-stop]").hidden = false;
    } catch {
      this.endLook();
      note.textContent = "カメラを使えません。ブラウザーの設定でカメラを許可するか、受付コードを入れてください。";
      note.hidden = false;
    }
  }

  private endLook(): void {
    this.camera.stop();
    this.find("[data-camera]").hidden = true;
    this.find("[data-camera-start]").hidden = false;
    this.find("[data-camera-stop]").hidden = true;
  }

  private async scanned(text: string): Promise<void> {
    const now = Date.now();
    if (text === this.last.code && now - this.last.at < SAME_CODE_MS) {
      this.last.at = now;
      return;
    }
    this.last = { code: text, at: now };
    await this.take(text);
  }

  private async take(text: string): Promise<void> {
    const code = readCode(text);
    if (code === "") {
      this.show({ signal: "red", title: "コードがありません", text: "受付コードを入れてください。" });
      return;
    }
    await this.takeDigest(await digestOf(this.event, code), "qr");
  }

  /** One person: told by the service, or by the list when it cannot be reached. */
  private async takeDigest(digest: string, way: "qr" | "list"): Promise<void> {
    const scan: Waiting = { id: crypto.randomUUID(), digest, at: new Date().toISOString(), way };
    this.show({ signal: "yellow", title: "確かめています…", text: "" });
    const answers = await this.send([scan]);
    if (typeof answers === "string") {
      this.show({ signal: "red", title: "受け付けられません", text: answers });
      return;
    }
    const answer = answers?.[0];
    if (answer !== undefined) {
      await this.keeping.done(scan, THERE.has(answer.outcome));
      this.show(answer);
      return;
    }
    this.show(await this.lookUp(scan));
  }

  private async lookUp(scan: Waiting): Promise<Shown> {
    const person = this.people?.get(scan.digest) ?? null;
    const before = await this.keeping.takenAt(scan.digest);
    if (before !== null) {
      return { signal: "yellow", title: `${clock(before)}に受付済みです`, text: "この端末で受け付けています。", person };
    }
    if (this.people !== null && person?.state === "already") {
      return { signal: "yellow", title: "受付済みです", text: "名簿を取り込む前に受け付けています。", person };
    }
    if (person !== null && person.state !== "taken") {
      return { ...(WORDS[person.state] ?? WORDS["waiting"]!), person };
    }
    await this.keeping.wait(scan);
    await this.showList();
    if (person !== null) return { signal: "green", title: "受け付けました", text: LATER, person };
    const text = this.people === null
      ? `名簿を開いていないため、名前を確かめられません。${LATER}`
      : `名簿にありません。新しい登録かもしれません。${LATER}一覧でも確かめてください。`;
    return { signal: "yellow", title: "記録しました", text };
  }

  /** Sends scans: answers, words of the service why not, or null when it cannot be reached. */
  private async send(scans: Waiting[], again = false): Promise<Answer[] | string | null> {
    const kept = await this.keeping.list();
    const body = JSON.stringify({ device: kept?.device, device_name: kept?.name, scans });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
    const answer = await this.ask(this.url("scans"), { method: "POST", body, headers });
    if (answer === null) {
      await this.lost();
      return null;
    }
    if (answer.status === 400 && !again && (await this.refresh())) return this.send(scans, true);
    const told = (await answer.json().catch(() => null)) as
      | ({ results?: Answer[]; message?: string } & State)
      | null;
    if (told === null) return null;
    if (!answer.ok) return told.message ?? "受け付けられませんでした。";
    await this.tell(told);
    return told.results ?? [];
  }

  /** An answer of the service itself; null for none, and for pages of others or of the sign-in. */
  private async ask(url: string, options: RequestInit = {}): Promise<Response | null> {
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const answer = await fetch(url, { ...options, signal, headers: { Accept: "application/json", ...options.headers } });
      if (answer.redirected || answer.status === 401 || answer.status === 403) {
        this.line("サインインが切れています。サインインし直すと、たまった受付を送れます。");
        return null;
      }
      return answer.status >= 500 ? null : answer;
    } catch {
      return null;
    }
  }

  /** A fresh token and state; whether the service was reached. */
  private async refresh(): Promise<boolean> {
    const kept = await this.keeping.list();
    const device = kept === null ? "" : `?device=${kept.device}`;
    const answer = await this.ask(this.url("state") + device);
    const state = (await answer?.json().catch(() => null)) as State | null | undefined;
    if (state === null || state === undefined) return false;
    this.token = state.csrf ?? this.token;
    await this.tell(state);
    return true;
  }

  private async poll(): Promise<void> {
    if (!(await this.refresh())) {
      await this.lost();
      return;
    }
    this.isConnected = true;
    await this.sendWaiting();
    const left = (await this.keeping.waiting()).length;
    this.line(left > 0 ? `つながっています。送っていない受付が${left}件あります。` : "つながっています。");
  }

  private async lost(): Promise<void> {
    this.isConnected = false;
    const left = (await this.keeping.waiting()).length;
    const line = this.find("[data-line]").textContent ?? "";
    if (!line.startsWith("サインイン")) this.line(`電波がありません。送っていない受付：${left}件`);
  }

  /** Sends what has gathered, in order; what could not be taken is shown for checking. */
  private async sendWaiting(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    try {
      const all = (await this.keeping.waiting()).sort((one, other) => (one.at < other.at ? -1 : 1));
      for (let first = 0; first < all.length; first += BATCH) {
        const batch = all.slice(first, first + BATCH);
        const answers = await this.send(batch);
        if (!Array.isArray(answers)) return;
        for (const scan of batch) {
          const answer = answers.find((each) => each.id === scan.id);
          if (answer === undefined) continue;
          await this.keeping.done(scan, THERE.has(answer.outcome));
          if (answer.outcome !== "taken") this.toCheck(answer, scan);
        }
      }
    } finally {
      this.isSending = false;
      await this.showList();
    }
  }

  private toCheck(answer: Answer, scan: Waiting): void {
    const item = make("li", "door-person");
    const words = make("div", "door-person__words");
    words.append(make("p", "door-person__name", answer.person?.name ?? "名前がわかりません"));
    words.append(make("p", "small soft", `${clock(scan.at)}の読み取り　${answer.title}`));
    item.append(words);
    this.find("[data-check-list]").append(item);
    this.find("[data-check]").hidden = false;
  }

  private async tell(state: State): Promise<void> {
    this.isConnected = true;
    this.fill("[data-counts]", state.presence.map((each) => {
      const item = make("li");
      item.append(make("span", "", each.track), make("strong", "numeric", each.words));
      return item;
    }));
    this.fill("[data-notices]", state.notices.map((words) => make("li", "", words)));
    if (!state.may_keep) await this.forget("この端末の名簿は取り消されたため、消しました。");
  }

  private async takeList(): Promise<void> {
    const name = this.find<HTMLInputElement>("#device").value.trim();
    const passphrase = this.find<HTMLInputElement>("#passphrase");
    if (name === "") return this.fail("端末の呼び名を入れてください。");
    if ([...passphrase.value].length < 8) return this.fail("合言葉は8文字以上にしてください。");
    this.fail("");
    await this.refresh();
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
    const answer = await this.ask(this.url("list"), { method: "POST", body: JSON.stringify({ name }), headers });
    const told = await answer?.json().catch(() => null);
    if (answer === null || !answer.ok || !told) return this.fail(told?.message ?? "取り込めませんでした。電波を確かめてください。");
    try {
      await this.keepPage();
      await this.keeping.keep(told, passphrase.value);
    } catch {
      return this.fail("この端末に名簿を置けませんでした。空き容量を確かめてください。");
    }
    this.people = new Map((told.people as Person[]).map((person) => [person.digest, person]));
    passphrase.value = "";
    await this.showList();
  }

  /** Keeps the page and all that it has loaded, so that it opens without a connection. */
  private async keepPage(): Promise<void> {
    await loadReader();
    await navigator.serviceWorker.register(this.url("worker"));
    await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
    const assets = loaded.filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/"));
    const cache = await caches.open("reception");
    await cache.addAll([...new Set(assets.map((url) => url.href)), this.url("copy")]);
  }

  private async unlock(): Promise<void> {
    const field = this.find<HTMLInputElement>("#unlock");
    const error = this.find("[data-unlock-error]");
    const people = await this.keeping.unlock(field.value);
    field.value = "";
    error.hidden = people !== null;
    error.textContent = people === null ? "合言葉がちがいます。5回まちがえると、名簿は消えます。" : "";
    if (people !== null) this.people = new Map(people.map((person) => [person.digest, person]));
    await this.showList();
  }

  private async forget(why: string): Promise<void> {
    if ((await this.keeping.list()) === null) return;
    await this.keeping.forget();
    const cache = await caches.open("reception");
    await cache.delete(this.url("copy"));
    this.people = null;
    this.without = why;
    await this.showList();
  }

  private async showList(): Promise<void> {
    const kept = await this.keeping.list();
    if (kept === null) this.people = null;
    const left = (await this.keeping.waiting()).length;
    const waits = left > 0 ? `　送っていない受付：${left}件` : "";
    const opened = this.people === null ? "合言葉で開けます。" : `${this.people.size}人の名簿を開いています。`;
    this.find("[data-offline-state]").textContent =
      (kept === null ? this.without : `「${kept.name}」に名簿があります。${opened}`) + waits;
    this.find("[data-list-form]").hidden = kept !== null;
    this.find("[data-unlock-form]").hidden = kept === null || this.people !== null;
    this.find("[data-forget]").hidden = kept === null;
  }

  private search(): void {
    const wanted = searchForm(this.find<HTMLInputElement>("#q").value);
    const found = [...(this.people?.values() ?? [])].filter((person) =>
      searchForm(`${person.name}\n${person.kana}\n${person.organization}`).includes(wanted),
    );
    this.fill("[data-found]", found.slice(0, FOUND_MOST).map((person) => this.row(person)));
    if (found.length === 0) this.fill("[data-found]", [make("li", "", "当てはまる人がいません。")]);
  }

  private row(person: Person): HTMLElement {
    const item = make("li", "door-person");
    const words = make("div", "door-person__words");
    words.append(make("p", "door-person__name", person.name));
    words.append(make("p", "small soft", [person.kana, person.organization, person.track].filter(Boolean).join("　")));
    const button = makeButton("受け付ける", "solid", "medium");
    button.addEventListener("click", () => void this.takeDigest(person.digest, "list"));
    item.append(words, button);
    return item;
  }

  private show(shown: Shown): void {
    const box = make("div", `door-result door-result--${shown.signal}`);
    const words = make("div");
    words.append(make("p", "door-result__title", shown.title));
    if (shown.person) {
      words.append(make("p", "door-result__name", shown.person.name));
      const about = [shown.person.organization, shown.person.role, shown.person.track];
      words.append(make("p", "", about.filter(Boolean).join("　")));
    }
    if (shown.text !== "") words.append(make("p", "", shown.text));
    box.append(make("span", "door-result__sign", { green: "○", yellow: "△", red: "×" }[shown.signal]), words);
    this.fill("[data-result]", [box]);
    if (shown.title !== "確かめています…" && this.find<HTMLInputElement>("[data-sound]").checked) signal(shown.signal);
  }

  private fail(words: string): void {
    const error = this.find("[data-list-error]");
    error.textContent = words;
    error.hidden = words === "";
  }

  private line(words: string): void {
    const line = this.find("[data-line]");
    if (line.textContent !== words) line.textContent = words;
  }

  private fill(selector: string, items: HTMLElement[]): void {
    this.find(selector).replaceChildren(...items);
  }

  private on(selector: string, name: string, act: () => void): void {
    this.find(selector).addEventListener(name, (event) => {
      event.preventDefault();
      act();
    });
  }

  private find<T extends HTMLElement>(selector: string): T {
    const found = this.root.querySelector<T>(selector);
    if (found === null) throw new Error(`the page has no ${selector}`);
    return found;
  }

  private get event(): string {
    return this.root.dataset["event"] ?? "";
  }

  private url(name: "state" | "scans" | "list" | "copy" | "worker"): string {
    return this.root.dataset[`${name}Url`] ?? "";
  }
}

function clock(moment: string): string {
  return new Date(moment).toLocaleTimeString("ja-JP", { timeZone: "Asia/Tokyo", hour: "numeric", minute: "2-digit" });
}

/** A high tone and a short buzz for yes, low and long ones for everything else. */
function signal(kind: Shown["signal"]): void {
  navigator.vibrate?.(kind === "green" ? 80 : [200, 80, 200]);
  const context = new AudioContext();
  const tone = context.createOscillator();
  tone.frequency.value = { green: 880, yellow: 440, red: 220 }[kind];
  tone.connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + (kind === "green" ? 0.12 : 0.4));
  tone.onended = () => void context.close();
}

const root = document.querySelector<HTMLElement>("[data-reception]");
if (root !== null) {
  document.documentElement.dataset["script"] = "on";
  void Keeping.open(root.dataset["event"] ?? "").then((keeping) => new Door(root, keeping).start());
}
