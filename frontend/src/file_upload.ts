import { announce, fresh, make } from "./elements.ts";
import { replacePage } from "./page.ts";

const MEGABYTE = 1024 * 1024;

/** 「1.2MB」, or KB for small files. */
export function describeSize(bytes: number): string {
  if (bytes >= MEGABYTE) return `${(bytes / MEGABYTE).toFixed(1)}MB`;
  return `${Math.max(1, Math.round(bytes / 1024))}KB`;
}

function listFiles(area: HTMLElement, input: HTMLInputElement): void {
  const list = area.querySelector<HTMLElement>("[data-upload-list]");
  if (list === null) return;
  const most = Number(area.dataset["maxBytes"] ?? Infinity);
  const files = [...(input.files ?? [])];
  list.hidden = files.length === 0;
  list.replaceChildren(...files.map((file) => describeFile(file, most)));
  const tooLarge = files.filter((file) => file.size > most).length;
  input.setCustomValidity(tooLarge > 0 ? "大きすぎるファイルがあります" : "");
  if (tooLarge > 0) announce(`大きすぎるファイルが${tooLarge}件あります。`);
}

function describeFile(file: File, most: number): HTMLLIElement {
  const item = make("li", "upload__item");
  const faulty = file.size > most;
  item.dataset["faulty"] = String(faulty);
  const size = describeSize(file.size) + (faulty ? `（${describeSize(most)}まで）` : "");
  item.append(make("span", "", file.name), make("span", "numeric nowrap", size));
  return item;
}

function acceptDrops(area: HTMLElement, input: HTMLInputElement): void {
  const drag = (isOver: boolean) => (event: DragEvent) => {
    event.preventDefault();
    area.dataset["dragging"] = String(isOver);
  };
  area.addEventListener("dragover", drag(true));
  area.addEventListener("dragleave", drag(false));
  area.addEventListener("drop", (event) => {
    drag(false)(event);
    const dropped = event.dataTransfer?.files;
    if (dropped === undefined || dropped.length === 0) return;
    input.files = dropped;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function hasFiles(form: HTMLFormElement): boolean {
  const inputs = form.querySelectorAll<HTMLInputElement>('input[type="file"]');
  return [...inputs].some((input) => (input.files?.length ?? 0) > 0);
}

function showProgress(form: HTMLFormElement): HTMLElement {
  const box = make("div", "progress");
  const bar = make("progress", "progress__bar");
  const text = make("p", "progress__text", "送っています");
  bar.setAttribute("aria-label", "送信の進み具合");
  bar.max = 100;
  box.append(bar, text);
  form.append(box);
  announce("ファイルを送っています。");
  return box;
}

/** Sends a form with files while showing how far it has come; the answer becomes the page. */
function send(form: HTMLFormElement, submitter: HTMLElement | null): void {
  const body = new FormData(form, submitter);
  const box = showProgress(form);
  const bar = box.querySelector("progress");
  const text = box.querySelector(".progress__text");
  const request = new XMLHttpRequest();
  // Not form.action: a button with the name "action" stands in its place there.
  request.open("POST", form.getAttribute("action") ?? location.href);
  request.upload.addEventListener("progress", (event) => {
    const share = event.lengthComputable ? Math.round((event.loaded / event.total) * 100) : 0;
    if (bar !== null) bar.value = share;
    if (text !== null) text.textContent = share < 100 ? `送っています（${share}%）` : "受け取りました。確認しています";
  });
  request.addEventListener("load", () => replacePage(request.responseText, request.responseURL));
  request.addEventListener("error", () => {
    form.dataset["sending"] = "false";
    box.replaceChildren(make("p", "field__error", "送れませんでした。つながりを確かめて、もう一度お試しください。"));
  });
  request.send(body);
}

export function enhanceUploads(root: ParentNode): void {
  for (const area of fresh(root, "[data-upload-area]", "upload")) {
    const input = area.querySelector<HTMLInputElement>('input[type="file"]');
    if (input === null) continue;
    input.addEventListener("change", () => listFiles(area, input));
    acceptDrops(area, input);
  }
  for (const form of fresh<HTMLFormElement>(root, "form[data-upload]", "upload")) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || !hasFiles(form)) return;
      event.preventDefault();
      if (form.dataset["sending"] === "true") return;
      form.dataset["sending"] = "true";
      send(form, event.submitter);
    });
  }
}
