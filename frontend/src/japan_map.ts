import { max } from "d3-array";
import { geoMercator, geoPath, type GeoPermissibleObjects, type GeoProjection } from "d3-geo";
import { scaleThreshold } from "d3-scale";
import { select, type Selection } from "d3-selection";
import type { Feature, FeatureCollection, MultiPolygon } from "geojson";

import { readDataBlock } from "./data_block.ts";
import { fresh, make } from "./elements.ts";

interface MapItem {
  prefecture: string;
  count: number;
  url?: string;
}

interface MapData {
  unit: string;
  caption: string;
  items: MapItem[];
}

interface PrefectureProperties {
  code: string;
  name: string;
}

type Prefecture = Feature<MultiPolygon, PrefectureProperties>;
type Picture = Selection<SVGSVGElement, unknown, null, undefined>;
type Group = Selection<SVGGraphicsElement, unknown, null, undefined>;
type Prefectures = FeatureCollection<MultiPolygon, PrefectureProperties>;

const WIDTH = 640;
const HEIGHT = 620;
const OKINAWA = "47";
const INSET = { x: 8, y: 96, width: 168, height: 128 };
const LEVELS = 5;

/** Where each colour step begins: whole numbers, and no more steps than there are counts. */
export function stepBounds(most: number): number[] {
  const steps = Math.min(LEVELS, Math.max(1, most));
  return Array.from({ length: steps }, (_, step) => Math.floor((most * step) / steps) + 1);
}

/** Colour of a step (0 for none): few steps are spread over all the shades. */
export function shade(step: number, steps: number): number {
  return step === 0 ? 0 : Math.round((step * LEVELS) / steps);
}

/** Words of the legend for each step: 「0」「1〜3」「13以上」. */
export function stepLabels(bounds: readonly number[], unit: string): string[] {
  const labels = [`0${unit}`];
  bounds.forEach((from, index) => {
    const next = bounds[index + 1];
    if (next === undefined) labels.push(`${from}${unit}以上`);
    else labels.push(next - 1 === from ? `${from}${unit}` : `${from}〜${next - 1}${unit}`);
  });
  return labels;
}

/** The four main islands fill the picture; Okinawa stands in a frame of its own. */
function projections(all: Prefectures): (feature: Prefecture) => GeoProjection {
  const main = { ...all, features: all.features.filter((f) => f.properties.code !== OKINAWA) };
  const okinawa = { ...all, features: all.features.filter((f) => f.properties.code === OKINAWA) };
  const whole = geoMercator().fitExtent([[4, 4], [WIDTH - 4, HEIGHT - 4]], main as GeoPermissibleObjects);
  const { x, y, width, height } = INSET;
  const frame: [[number, number], [number, number]] = [[x + 24, y + 20], [x + width - 24, y + height - 24]];
  const inset = geoMercator().fitExtent(frame, okinawa as GeoPermissibleObjects);
  return (feature) => (feature.properties.code === OKINAWA ? inset : whole);
}

class JapanMap {
  private readonly counts = new Map<string, MapItem>();
  private readonly bounds: number[];
  private readonly level: (count: number) => number;
  private readonly label = make("p", "japan-map__label");

  constructor(
    private readonly figure: HTMLElement,
    private readonly data: MapData,
  ) {
    for (const item of data.items) this.counts.set(item.prefecture, item);
    this.bounds = stepBounds(max(data.items, (item) => item.count) ?? 0);
    const steps = this.bounds.length;
    const range = Array.from({ length: steps + 1 }, (_, step) => shade(step, steps));
    this.level = scaleThreshold<number, number>().domain(this.bounds).range(range);
    this.label.setAttribute("aria-hidden", "true");
  }

  draw(prefectures: Prefectures): void {
    const place = this.figure.querySelector<HTMLElement>("[data-map-picture]");
    if (place === null) return;
    const svg = select(place).append("svg");
    svg.attr("viewBox", `0 0 ${WIDTH} ${HEIGHT}`).attr("role", "group");
    svg.attr("aria-label", `${this.data.caption}（地図）。矢印キーで都道府県を移れます。`);
    this.drawInset(svg);
    this.drawAreas(svg, prefectures);
    place.append(this.label);
    this.walkWithArrows(place);
    this.drawLegend();
  }

  private drawInset(svg: Picture): void {
    const { x, y, width, height } = INSET;
    const path = `M${x},${y + height}h${width - 36}l36,-36v${36 - height}`;
    svg.append("path").attr("class", "japan-map__inset").attr("d", path);
  }

  private drawAreas(svg: Picture, prefectures: Prefectures): void {
    const projectionOf = projections(prefectures);
    for (const feature of prefectures.features) {
      const item = this.counts.get(feature.properties.name);
      const count = item?.count ?? 0;
      const isLink = item?.url !== undefined && count > 0;
      const parent: Group = isLink ? this.link(svg, item) : svg.append<SVGGraphicsElement>("g");
      const shape = parent.append("path").attr("d", geoPath(projectionOf(feature))(feature) ?? "");
      shape.attr("class", `japan-map__area level-${this.level(count)}`);
      shape.attr("data-prefecture", feature.properties.name);
      const tell = (): void => this.tell(feature.properties.name, count);
      parent.on("mouseenter focus", tell).on("mouseleave blur", () => this.tellNothing());
    }
  }

  private link(svg: Picture, item: MapItem): Group {
    const link = svg.append<SVGGraphicsElement>("a").attr("href", item.url ?? "").attr("tabindex", "-1");
    return link.attr("aria-label", `${item.prefecture} ${item.count}${this.data.unit}`);
  }

  private tell(name: string, count: number): void {
    const figure = make("strong", "", `${count.toLocaleString("ja-JP")}${this.data.unit}`);
    this.label.replaceChildren(make("span", "", name), figure);
  }

  private tellNothing(): void {
    this.label.replaceChildren();
  }

  /** The map is one stop of the tab key; arrows move inside it, from north to south. */
  private walkWithArrows(place: HTMLElement): void {
    const links = [...place.querySelectorAll<SVGAElement>("a")];
    links[0]?.setAttribute("tabindex", "0");
    place.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const index = links.indexOf(document.activeElement as unknown as SVGAElement);
      const next = step === undefined || index < 0 ? undefined : links[index + step];
      if (next === undefined) return;
      event.preventDefault();
      links[index]?.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    });
  }

  private drawLegend(): void {
    const list = this.figure.querySelector("[data-map-legend]");
    const labels = stepLabels(this.bounds, this.data.unit);
    list?.replaceChildren(...labels.map((text, step) => {
      const item = make("li", "legend__item");
      const colour = `level-${shade(step, this.bounds.length)}`;
      item.append(make("span", `legend__swatch ${colour}`), make("span", "", text));
      return item;
    }));
  }
}

async function drawMap(figure: HTMLElement): Promise<void> {
  const data = readDataBlock<MapData>(figure);
  const answer = await fetch(figure.dataset["geometry"] ?? "");
  if (data === undefined || !answer.ok) return; // the table beside it says the same
  new JapanMap(figure, data).draw((await answer.json()) as Prefectures);
}

export function enhanceJapanMaps(root: ParentNode): void {
  for (const figure of fresh(root, "[data-japan-map]", "map")) void drawMap(figure);
}
