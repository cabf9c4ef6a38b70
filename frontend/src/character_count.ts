import { fresh } from "./elements.ts";

/** Counts characters as people do: a surrogate pair is one, a line break is one. */
export function countCharacters(text: string): number {
  return [...text.replaceAll("\r\n", "\n")].length;
}

/** Says below a text how many characters are left, or how many are too many. */
export function describeCount(length: number, most: number): string {
  const left = most - length;
  if (left < 0) return `${(-left).toLocaleString("ja-JP")}文字多いです`;
  return length === 0 ? `${most.toLocaleString("ja-JP")}文字まで` : `あと${left.toLocaleString("ja-JP")}文字`;
}

export function enhanceCharacterCounts(root: ParentNode): void {
  for (const area of fresh<HTMLTextAreaElement>(root, "[data-count]", "count")) {
    const output = document.getElementById(area.dataset["countOutput"] ?? "");
    const most = Number(area.dataset["count"]);
    if (output === null || !Number.isFinite(most)) continue;
    const show = (): void => {
      const length = countCharacters(area.value);
      output.textContent = describeCount(length, most);
      output.dataset["over"] = String(length > most);
    };
    area.addEventListener("input", show);
    show();
  }
}
