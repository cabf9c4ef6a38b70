import { fresh } from "./elements.ts";

/** Writes the number of a row into the names and labels of a copied row. */
export function renumber(text: string, from: number, to: number): string {
  return text
    .replace(new RegExp(`-${from - 1}-`), `-${to - 1}-`)
    .replace(`${from}行目`, `${to}行目`);
}

function addRow(table: HTMLTableElement, most: number): void {
  const body = table.tBodies[0];
  const last = body?.rows[body.rows.length - 1];
  if (body === undefined || last === undefined || body.rows.length >= most) return;
  const count = body.rows.length;
  const row = last.cloneNode(true) as HTMLTableRowElement;
  for (const part of row.querySelectorAll(".table__cell-error")) part.remove();
  for (const cell of row.cells) cell.classList.remove("table__cell--faulty");
  const head = row.querySelector("th");
  if (head !== null) head.textContent = `${count + 1}行目`;
  for (const input of row.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")) {
    input.value = "";
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    for (const name of ["name", "id", "aria-label"]) {
      input.setAttribute(name, renumber(input.getAttribute(name) ?? "", count, count + 1));
    }
  }
  body.append(row);
  row.querySelector<HTMLElement>("input, select")?.focus();
}

/** Lets a table question get further rows; without scripts it has a few empty ones. */
export function enhanceGrowingTables(root: ParentNode): void {
  for (const table of fresh<HTMLTableElement>(root, "[data-growing-table]", "growing")) {
    const most = Number(table.dataset["mostRows"] ?? "0");
    const button = table.closest("fieldset")?.querySelector<HTMLButtonElement>("[data-add-row]");
    button?.addEventListener("click", () => {
      addRow(table, most);
      button.disabled = (table.tBodies[0]?.rows.length ?? most) >= most;
    });
  }
}
