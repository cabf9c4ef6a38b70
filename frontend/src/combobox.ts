import { announce, fresh, make } from "./elements.ts";

const WAIT_MS = 180;
const MOST_OPTIONS = 12;

interface Proposal {
  value: string;
  label: string;
  note?: string;
}

/**
 * A text field with proposals, after the combobox pattern of the ARIA Authoring Practices. The
 * visible field shows the name; a hidden one carries the chosen value, or what was typed.
 */
class Combobox {
  private readonly list = make("ul", "combobox__list");
  private readonly carrier = make("input");
  private proposals: Proposal[] = [];
  private active = -1;
  private timer = 0;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly url: string,
  ) {
    this.buildCarrier();
    this.buildList();
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
  }

  private buildCarrier(): void {
    const { input, carrier } = this;
    carrier.type = "hidden";
    carrier.name = input.name;
    carrier.dataset["draft"] = "";
    carrier.value = input.value;
    input.removeAttribute("name");
    const shown = input.dataset["shown"] ?? "";
    if (shown !== "") input.value = shown;
  }

  private buildList(): void {
    const { input, list } = this;
    const box = make("div", "combobox");
    list.id = `${input.id}-list`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "候補");
    list.addEventListener("mousedown", (event) => event.preventDefault());
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    input.replaceWith(box);
    box.append(input, this.carrier, list);
  }

  private typed(): void {
    this.carrier.value = this.input.value;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.search(), WAIT_MS);
  }

  private async search(): Promise<void> {
    const query = this.input.value.trim();
    if (query === "") return this.close();
    const address = new URL(this.url, window.location.href);
    address.searchParams.set("q", query);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      const found = (await answer.json()) as { items: Proposal[] };
      if (query === this.input.value.trim()) this.show(found.items.slice(0, MOST_OPTIONS));
    } catch {
      this.close(); // the field stays an ordinary one
    }
  }

  private show(proposals: Proposal[]): void {
    this.proposals = proposals;
    this.active = -1;
    this.list.replaceChildren(...proposals.map((proposal, index) => this.option(proposal, index)));
    this.list.hidden = proposals.length === 0;
    this.input.setAttribute("aria-expanded", String(proposals.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    announce(proposals.length === 0 ? "候補はありません" : `候補が${proposals.length}件あります`);
  }

  private option(proposal: Proposal, index: number): HTMLLIElement {
    const item = make("li", "combobox__option");
    item.id = `${this.list.id}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.append(make("span", "", proposal.label));
    if (proposal.note !== undefined) item.append(make("span", "combobox__note", proposal.note));
    item.addEventListener("click", () => this.choose(index));
    return item;
  }

  private pressed(event: KeyboardEvent): void {
    if (this.list.hidden) return;
    if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp") this.move(-1);
    else if (event.key === "Enter" && this.active >= 0) this.choose(this.active);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  private move(step: number): void {
    const count = this.proposals.length;
    this.active = (this.active + step + count + (this.active < 0 && step < 0 ? 1 : 0)) % count;
    [...this.list.children].forEach((item, index) => {
      item.setAttribute("aria-selected", String(index === this.active));
      if (index !== this.active) return;
      item.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", item.id);
    });
  }

  private choose(index: number): void {
    const proposal = this.proposals[index];
    if (proposal === undefined) return;
    this.input.value = proposal.label;
    this.carrier.value = proposal.value;
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private close(): void {
    window.clearTimeout(this.timer);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

export function enhanceComboboxes(root: ParentNode): void {
  for (const input of fresh<HTMLInputElement>(root, "input[data-combobox-url]", "combobox")) {
    new Combobox(input, input.dataset["comboboxUrl"] ?? "");
  }
}
