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

/** Twice the area between a ring and the equator: negative when the ring runs clockwise. */
function signedArea(ring) {
  let sum = 0;
  for (let index = 0; index + 1 < ring.length; index += 1) {
    const [x1, y1] = ring[index];
    const [x2, y2] = ring[index + 1];
    sum += x1 * y2 - x2 * y1;
  }
  return sum;
}

/**
 * Outlines clockwise, holes the other way: a globe has two sides to each ring, and d3-geo takes the
 * right-hand one (GeoJSON as in RFC 7946 means the opposite).
 */
function wind(ring, index) {
  const isClockwise = signedArea(ring) < 0;
  return isClockwise === (index === 0) ? ring : ring.toReversed();
}

function roundPolygon(polygon) {
  return polygon.map(roundRing).filter((ring) => ring.length >= 4).map(wind);
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
