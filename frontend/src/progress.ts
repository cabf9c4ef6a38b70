import { announce, fresh } from "./elements.ts";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 8000;

interface ProgressState {
  state: "waiting" | "running" | "finished" | "failed";
  done: number;
  total: number;
  message?: string;
  url?: string;
}

function show(box: HTMLElement, state: ProgressState): void {
  const bar = box.querySelector("progress");
  const text = box.querySelector("[data-progress-text]");
  if (bar !== null) {
    bar.max = Math.max(1, state.total);
    bar.value = state.done;
  }
  if (text !== null) {
    text.textContent =
      state.message ??
      `${state.done.toLocaleString("ja-JP")}／${state.total.toLocaleString("ja-JP")}件`;
  }
}

function finish(state: ProgressState): void {
  announce(state.message ?? (state.state === "finished" ? "終わりました" : "うまくいきませんでした"));
  if (state.url !== undefined && state.url !== "") window.location.assign(state.url);
  else window.location.reload();
}

/** Asks again and again, more slowly when the server does not answer, until the work has ended. */
async function poll(box: HTMLElement, url: string, wait: number): Promise<void> {
  if (!box.isConnected) return;
  let next = FIRST_WAIT_MS;
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const state = (await answer.json()) as ProgressState;
    show(box, state);
    if (state.state === "finished" || state.state === "failed") return finish(state);
  } catch {
    next = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
  setTimeout(() => void poll(box, url, next), next);
}

export function enhanceProgress(root: ParentNode): void {
  for (const box of fresh(root, "[data-progress-url]", "progress")) {
    box.querySelector("[data-progress-reload]")?.parentElement?.setAttribute("hidden", "");
    void poll(box, box.dataset["progressUrl"] ?? "", FIRST_WAIT_MS);
  }
}
