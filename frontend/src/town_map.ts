import { geoMercator, geoPath, type GeoPermissibleObjects, type GeoProjection } from "d3-geo";
import { select, type Selection } from "d3-selection";
import type { Feature, FeatureCollection, MultiPolygon } from "geojson";

import { readDataBlock } from "./data_block.ts";
import { fresh } from "./elements.ts";

interface Place {
  name: string;
  kind: "plant" | "member" | "asked" | "other" | "venue";
  lat: number;
  lng: number;
  text: string;
}

interface MapData {
  caption: string;
  places: Place[];
  /** What the picture shows, for those who do not see it; a table says it where there is none. */
  label?: string;
  /** The prefecture that fills the picture, instead of the places alone. */
  prefecture?: string;
}

interface PrefectureProperties {
  name: string;
}

type Land = FeatureCollection<MultiPolygon, PrefectureProperties>;
type Prefecture = Feature<MultiPolygon, PrefectureProperties>;
type Picture = Selection<SVGSVGElement, unknown, null, undefined>;

const WIDTH = 480;
const HEIGHT = 400;
const MARGIN = 56;
const EDGE = 20;
const LEAST_DEGREES = 0.15;
const ORDER = ["other", "asked", "member", "plant", "venue"] as const;
const RADIUS = { plant: 8, member: 7, asked: 7, other: 3.5, venue: 9 } as const;

/** The part of the country that the drawn places lie in, never smaller than a few kilometres. */
export function extentOf(places: readonly Place[]): [[number, number], [number, number]] {
  const lng = places.map((place) => place.lng);
  const lat = places.map((place) => place.lat);
  const west = Math.min(...lng) - LEAST_DEGREES;
  const east = Math.max(...lng) + LEAST_DEGREES;
  return [[west, Math.min(...lat) - LEAST_DEGREES], [east, Math.max(...lat) + LEAST_DEGREES]];
}

function projectionFor(places: readonly Place[]): GeoProjection {
  const [[west, south], [east, north]] = extentOf(places);
  const corners = { type: "MultiPoint", coordinates: [[west, south], [east, north]] };
  const frame: [[number, number], [number, number]] = [[MARGIN, MARGIN], [WIDTH - MARGIN, HEIGHT - MARGIN]];
  return geoMercator().fitExtent(frame, corners as GeoPermissibleObjects).clipExtent([[0, 0], [WIDTH, HEIGHT]]);
}

/** A whole prefecture, and the places where they lie outside its main outline (small islands). */
function projectionOn(home: Prefecture, places: readonly Place[]): GeoProjection {
  const points = { type: "MultiPoint", coordinates: places.map((place) => [place.lng, place.lat]) };
  const all = { type: "GeometryCollection", geometries: [home.geometry, points] };
  const frame: [[number, number], [number, number]] = [[EDGE, EDGE], [WIDTH - EDGE, HEIGHT - EDGE]];
  return geoMercator().fitExtent(frame, all as GeoPermissibleObjects).clipExtent([[0, 0], [WIDTH, HEIGHT]]);
}

class TownMap {
  private readonly shown: Place[];
  private readonly projection: GeoProjection;
  private readonly home: Prefecture | undefined;

  constructor(
    private readonly data: MapData,
    private readonly land: Land,
  ) {
    const chosen = data.places.filter((place) => place.kind !== "other");
    this.home = land.features.find((feature) => feature.properties.name === data.prefecture);
    const around = chosen.length > 1 ? chosen : data.places;
    this.projection = this.home === undefined ? projectionFor(around) : projectionOn(this.home, around);
    this.shown = [...data.places].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  }

  draw(place: HTMLElement): void {
    const svg = select(place).append("svg");
    svg.attr("viewBox", `0 0 ${WIDTH} ${HEIGHT}`).attr("role", "img");
    svg.attr("aria-label", this.data.label ?? `${this.data.caption}の地図。同じ内容が表にあります。`);
    this.drawLand(svg);
    this.drawLines(svg);
    for (const each of this.shown) this.drawDot(svg, each);
    this.drawNames(svg);
  }

  /** The chosen prefecture last, so that its outline lies above those of its neighbours. */
  private drawLand(svg: Picture): void {
    const path = geoPath(this.projection);
    const others = this.land.features.filter((feature) => feature !== this.home);
    for (const feature of others) {
      svg.append("path").attr("class", "town-map__land").attr("d", path(feature) ?? "");
    }
    if (this.home === undefined) return;
    svg.append("path").attr("class", "town-map__land town-map__land--home").attr("d", path(this.home) ?? "");
  }

  private at(place: Place): [number, number] {
    return this.projection([place.lng, place.lat]) ?? [0, 0];
  }

  private drawLines(svg: Picture): void {
    const plant = this.shown.find((place) => place.kind === "plant");
    if (plant === undefined) return;
    const [x, y] = this.at(plant);
    for (const each of this.shown.filter((place) => place.kind === "member" || place.kind === "asked")) {
      const [toX, toY] = this.at(each);
      svg.append("path").attr("class", "town-map__line").attr("d", `M${x},${y}L${toX},${toY}`);
    }
  }

  private drawDot(svg: Picture, place: Place): void {
    const [x, y] = this.at(place);
    const dot = svg.append("circle").attr("class", `town-map__dot town-map__dot--${place.kind}`);
    dot.attr("cx", x).attr("cy", y).attr("r", RADIUS[place.kind]);
    dot.append("title").text(place.text === "" ? place.name : `${place.name}（${place.text}）`);
  }

  /** Names of those chosen; one that would lie on another goes below its dot. */
  private drawNames(svg: Picture): void {
    const taken: [number, number][] = [];
    for (const each of this.shown.filter((place) => place.kind !== "other")) {
      const [x, y] = this.at(each);
      const isRight = x > WIDTH * 0.6;
      const isNear = taken.some(([otherX, otherY]) => Math.abs(otherY - y) < 16 && Math.abs(otherX - x) < 150);
      taken.push([x, y]);
      const name = svg.append("text").attr("class", "town-map__name").text(each.name);
      name.attr("x", isRight ? x - 11 : x + 11).attr("y", isNear ? y + 20 : y + 4);
      name.attr("text-anchor", isRight ? "end" : "start");
    }
  }
}

/** Draws the dots of towns and plant, or of a venue, on the outlines of the prefectures. */
export function enhanceTownMaps(root: ParentNode): void {
  for (const figure of fresh<HTMLElement>(root, "[data-town-map]", "town-map")) {
    const data = readDataBlock<MapData>(figure);
    const place = figure.querySelector<HTMLElement>("[data-map-picture]");
    if (data === undefined || place === null || data.places.length === 0) continue;
    void fetch(figure.dataset["geometry"] ?? "")
      .then((answer) => answer.json() as Promise<Land>)
      .then((land) => new TownMap(data, land).draw(place));
  }
}
