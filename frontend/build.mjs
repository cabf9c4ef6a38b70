/**
 * Builds matchmaker/static/dist/: styles, scripts, fonts, drawings and the map's geometry,
 * every file name carrying a hash of its content, and manifest.json telling which is which.
 *
 * The build writes into a folder beside the old one and swaps them at the end, so that a
 * running server never meets half a build.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

import { simplifyPrefectures } from "./geometry.mjs";

const sources = dirname(fileURLToPath(import.meta.url));
const root = resolve(sources, "..");
const target = join(root, "matchmaker/static/dist");
const fresh = join(root, "matchmaker/static/dist.new");

/** Bundles scripts and styles; gives entry name → written file name. */
async function bundle() {
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: {
      app: "frontend/src/app.ts",
      style: "frontend/css/app.css",
      fonts: "frontend/css/fonts.css",
      reception: "frontend/src/reception.ts",
      reception_worker: "frontend/src/reception_worker.ts",
    },
    outdir: fresh,
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022", "chrome111", "firefox115", "safari16.4"],
    minify: true,
    legalComments: "none",
    metafile: true,
    entryNames: "[name]-[hash]",
    chunkNames: "chunks/[name]-[hash]",
    assetNames: "fonts/[name]-[hash]",
    loader: { ".woff2": "file", ".svg": "dataurl" },
    logLevel: "warning",
  });
  return entryNames(result.metafile);
}

/** Pages ask for app.css, fonts.css and app.js: the sources' names with the output's extension. */
function entryNames(metafile) {
  const names = {};
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint === undefined) continue;
    const source = basename(entryPoint, extname(entryPoint));
    names[source + extname(path)] = relative(fresh, join(root, path));
  }
  return names;
}

/** Writes content under a hashed name and gives that name. */
async function writeHashed(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const extension = extname(name);
  const hashed = `${basename(name, extension)}-${hash}${extension}`;
  await writeFile(join(fresh, hashed), content);
  return hashed;
}

async function copyImages() {
  const names = {};
  for (const name of await readdir(join(sources, "images"))) {
    names[name] = await writeHashed(name, await readFile(join(sources, "images", name)));
  }
  return names;
}

/** The font that name badges are printed with. */
async function copyBadgeFont() {
  const source = "node_modules/@expo-google-fonts/noto-sans-jp/500Medium/NotoSansJP_500Medium.ttf";
  return { "badge.ttf": await writeHashed("badge.ttf", await readFile(join(root, source))) };
}

async function writeGeometry() {
  const path = join(root, "seeds/reference/prefectures.geojson");
  const geometry = simplifyPrefectures(JSON.parse(await readFile(path, "utf8")));
  const name = "prefectures.json";
  return { [name]: await writeHashed(name, JSON.stringify(geometry)) };
}

async function build() {
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  const manifest = { ...(await bundle()), ...(await copyImages()), ...(await copyBadgeFont()), ...(await writeGeometry()) };
  const sorted = Object.fromEntries(Object.entries(manifest).sort());
  await writeFile(join(fresh, "manifest.json"), JSON.stringify(sorted, null, 2) + "\n");
  await rm(target, { recursive: true, force: true });
  await rename(fresh, target);
  console.log(`built ${relative(root, target)}: ${Object.keys(sorted).join(", ")}`);
}

await build();
