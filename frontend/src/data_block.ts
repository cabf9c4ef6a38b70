/** Reads the JSON that the server put beside a picture. */
export function readDataBlock<T>(figure: HTMLElement): T | undefined {
  const block = document.getElementById(figure.dataset["items"] ?? "");
  if (block === null) return undefined;
  return JSON.parse(block.textContent ?? "null") as T;
}
