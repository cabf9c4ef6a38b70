import { max } from "d3-array";
import { scaleBand, scaleLinear } from "d3-scale";
import { select, type Selection } from "d3-selection";

import { readDataBlock } from "./data_block.ts";
import { fresh } from "./elements.ts";

interface BarItem {
  label: string;
  value: number;
  /** Stands out: a sum, one's own place. */
  marked?: boolean;
  /** Drawn as an outline: what is aimed at, not what is there. */
  hollow?: boolean;
}

interface BarData {
  unit: string;
  caption: string;
  items: BarItem[];
}

const ROW = 44;
const NARROW = 520;
const USUAL_LABEL_SHARE = 0.32;
/** Labels that need more of the width go above their bars. */
const MOST_LABEL_SHARE = 0.45;
const LABEL_GAP = 16;
const VALUE_GAP = 10;
const SHORTEST_SCALE = 40;

type Svg = Selection<SVGSVGElement, unknown, null, undefined>;
type Text = Selection<SVGTextElement, unknown, null, undefined>;

/** The texts of a bar, in place only once their widths are known. */
interface Texts {
  label: Text;
  value: Text;
}

function writeTexts(svg: Svg, data: BarData): Texts[] {
  const write = (kind: string, words: string): Text =>
    svg.append("text").attr("class", `chart__${kind}`).attr("dominant-baseline", "central").text(words);
  return data.items.map((item) => ({
    label: write("label", item.label),
    value: write("value", `${item.value.toLocaleString("ja-JP")}${data.unit}`),
  }));
}

function widest(texts: Text[]): number {
  return Math.ceil(max(texts, (text) => text.node()?.getComputedTextLength() ?? 0) ?? 0);
}

/** Where the parts of a bar stand; in narrow places the label goes above its bar. */
function layout(width: number, texts: Texts[]) {
  const labels = widest(texts.map((each) => each.label)) + LABEL_GAP;
  const values = widest(texts.map((each) => each.value)) + VALUE_GAP;
  const isNarrow = width < NARROW || labels > width * MOST_LABEL_SHARE;
  const row = isNarrow ? ROW + 16 : ROW;
  const left = isNarrow ? 0 : Math.max(Math.round(width * USUAL_LABEL_SHARE), labels);
  const length = Math.max(SHORTEST_SCALE, width - left - values);
  return { isNarrow, row, left, length, height: row * texts.length };
}

/** Cuts a text that is wider than its place; the table below has all of it. */
function shorten(text: Text, room: number): void {
  let words = text.text();
  while (words.length > 1 && (text.node()?.getComputedTextLength() ?? 0) > room) {
    words = words.slice(0, -1);
    text.text(`${words}…`);
  }
}

function barClass(item: BarItem): string {
  return `chart__bar${item.marked === true ? " chart__bar--marked" : ""}${item.hollow === true ? " chart__bar--hollow" : ""}`;
}

function drawBars(svg: Svg, data: BarData, width: number): void {
  const texts = writeTexts(svg, data);
  const place = layout(width, texts);
  const y = scaleBand<number>().domain(data.items.map((_, index) => index)).range([0, place.height]);
  const x = scaleLinear().domain([0, Math.max(1, max(data.items, (item) => item.value) ?? 0)]).range([0, place.length]);
  svg.attr("viewBox", `0 0 ${width} ${place.height}`);
  data.items.forEach((item, index) => {
    const top = y(index) ?? 0;
    const barTop = place.isNarrow ? top + 26 : top + 10;
    const middle = place.isNarrow ? barTop + 12 : top + ROW / 2;
    const { label, value } = texts[index] as Texts;
    label.attr("x", place.isNarrow ? 0 : place.left - LABEL_GAP).attr("y", place.isNarrow ? top + 12 : middle)
      .attr("text-anchor", place.isNarrow ? "start" : "end");
    if (place.isNarrow) shorten(label, width);
    value.attr("x", place.left + x(item.value) + VALUE_GAP).attr("y", middle);
    svg.append("rect").attr("class", barClass(item))
      .attr("x", place.left).attr("y", barTop).attr("width", Math.max(2, x(item.value))).attr("height", 24).attr("rx", 3);
  });
}

function drawChart(figure: HTMLElement): void {
  const data = readDataBlock<BarData>(figure);
  const place = figure.querySelector<HTMLElement>("[data-chart-picture]");
  if (data === undefined || place === null || data.items.length === 0) return;
  const draw = (): void => {
    const width = Math.max(240, Math.round(place.clientWidth));
    place.replaceChildren();
    const svg = select(place).append("svg").attr("role", "img");
    svg.attr("aria-label", `${data.caption}。同じ数値が下の表にあります。`);
    drawBars(svg, data, width);
  };
  draw();
  // Widths are measured: the page's own font may come later.
  void document.fonts.ready.then(draw);
  figure.querySelector("details")?.removeAttribute("open");
  let known = place.clientWidth;
  new ResizeObserver(() => {
    if (Math.abs(place.clientWidth - known) < 2) return;
    known = place.clientWidth;
    draw();
  }).observe(place);
}

export function enhanceBarCharts(root: ParentNode): void {
  for (const figure of fresh(root, "[data-bar-chart]", "chart")) drawChart(figure);
}
