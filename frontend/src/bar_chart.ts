import { max } from "d3-array";
import { scaleBand, scaleLinear } from "d3-scale";
import { select, type Selection } from "d3-selection";

import { readDataBlock } from "./data_block.ts";
import { fresh } from "./elements.ts";

interface BarItem {
  label: string;
  value: number;
  marked?: boolean;
}

interface BarData {
  unit: string;
  caption: string;
  items: BarItem[];
}

const ROW = 44;
const NARROW = 520;
const LABEL_SHARE = 0.32;
const VALUE_WIDTH = 84;

type Svg = Selection<SVGSVGElement, unknown, null, undefined>;

/** Where the parts of a bar stand; in narrow places the label goes above its bar. */
function layout(width: number, count: number) {
  const isNarrow = width < NARROW;
  const row = isNarrow ? ROW + 16 : ROW;
  const left = isNarrow ? 0 : Math.round(width * LABEL_SHARE);
  return { isNarrow, row, left, height: row * count, length: width - left - VALUE_WIDTH };
}

function drawBars(svg: Svg, data: BarData, width: number): void {
  const place = layout(width, data.items.length);
  const y = scaleBand<number>().domain(data.items.map((_, index) => index)).range([0, place.height]);
  const x = scaleLinear().domain([0, Math.max(1, max(data.items, (item) => item.value) ?? 0)]).range([0, place.length]);
  svg.attr("viewBox", `0 0 ${width} ${place.height}`);
  data.items.forEach((item, index) => {
    const top = y(index) ?? 0;
    const barTop = place.isNarrow ? top + 26 : top + 10;
    const middle = place.isNarrow ? barTop + 12 : top + ROW / 2;
    const labelY = place.isNarrow ? top + 12 : middle;
    svg.append("text").attr("class", "chart__label").attr("x", place.isNarrow ? 0 : place.left - 16)
      .attr("y", labelY).attr("dominant-baseline", "central")
      .attr("text-anchor", place.isNarrow ? "start" : "end").text(item.label);
    svg.append("rect").attr("class", `chart__bar${item.marked === true ? " chart__bar--marked" : ""}`)
      .attr("x", place.left).attr("y", barTop).attr("width", Math.max(2, x(item.value))).attr("height", 24).attr("rx", 3);
    svg.append("text").attr("class", "chart__value").attr("x", place.left + x(item.value) + 10)
      .attr("y", middle).attr("dominant-baseline", "central")
      .text(`${item.value.toLocaleString("ja-JP")}${data.unit}`);
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
