/**
 * Makes the outlines of the prefectures light enough for a web page.
 *
 * Coordinates are rounded to a grid of a hundredth of a degree (about one kilometre, a third of
 * a pixel on our map) and points that fall together are dropped. Rounding treats a shared border
 * the same on both sides, so no gaps open between neighbours, which a line-by-line simplification
 * would cause.
 */
const GRID = 100;

function roundRing(ring) {
  const rounded = [];
  for (const [longitude, latitude] of ring) {
    const point = [Math.round(longitude * GRID) / GRID, Math.round(latitude * GRID) / GRID];
    const last = rounded.at(-1);
    if (last === undefined || last[0] !== point[0] || last[1] !== point[1]) rounded.push(point);
  }
  return rounded;
}

function roundPolygon(polygon) {
  return polygon.map(roundRing).filter((ring) => ring.length >= 4);
}

function roundGeometry(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const coordinates = polygons.map(roundPolygon).filter((polygon) => polygon.length > 0);
  return { type: "MultiPolygon", coordinates };
}

/** Gives a lighter feature collection with the same names and codes. */
export function simplifyPrefectures(collection) {
  return {
    type: "FeatureCollection",
    features: collection.features.map((feature) => ({
      type: "Feature",
      properties: { code: feature.properties.pref_code, name: feature.properties.name },
      geometry: roundGeometry(feature.geometry),
    })),
  };
}
