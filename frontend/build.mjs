// Builds everything the browser loads into build/static: `npm ci && node frontend/build.mjs`.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const out = path.join(root, 'build', 'static');

// Icons that templates name through a variable; literal names are found by reading the templates.
const NAMED_BY_VARIABLE = ['seedling'];
const SKIPPED_FOLDERS = new Set(['node_modules', 'build', 'var', 'locale']);

async function templatesIn(folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || SKIPPED_FOLDERS.has(entry.name)) continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await templatesIn(full)));
    else if (entry.name.endsWith('.html') && full.includes(`${path.sep}templates${path.sep}`)) {
      found.push(full);
    }
  }
  return found;
}

async function iconNames() {
  const names = new Set(NAMED_BY_VARIABLE);
  for (const file of await templatesIn(root)) {
    const text = await readFile(file, 'utf8');
    for (const [tag] of text.matchAll(/{%\s*include\s+["'][^"']+["'][^%]*%}/g)) {
      if (!tag.includes('components/icon.html') && !/\sicon=/.test(tag)) continue;
      const name = /\s(?:name|icon)=["']([a-z0-9-]+)["']/.exec(tag);
      if (name) names.add(name[1]);
    }
  }
  return [...names].sort();
}

// Each icon becomes a snippet that components/icon.html includes: no request, no flash, and nothing
// that a Content-Security-Policy could stop.
async function writeIcons() {
  const folder = path.join(here, 'templates', 'icons');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of await iconNames()) {
    const file = path.join(root, 'node_modules/@tabler/icons/icons/outline', `${name}.svg`);
    if (!existsSync(file)) {
      throw new Error(`No icon is called "${name}": see https://tabler.io/icons for the names.`);
    }
    const svg = (await readFile(file, 'utf8')).replace(/<!--[\s\S]*?-->/g, '');
    const shapes = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)[1].replace(/\s*\n\s*/g, '');
    await writeFile(path.join(folder, `${name}.svg`), shapes);
  }
}

// The palette, by name, as it is in the light and in the dark.
async function palettes() {
  const css = await readFile(path.join(here, 'css', 'tokens.css'), 'utf8');
  const values = (block) =>
    Object.fromEntries([...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((m) => [m[1], m[2]]));
  const light = values(/:root\s*{([^}]*)}/.exec(css)[1]);
  const dark = /\(prefers-color-scheme: dark\)\s*{\s*:root\s*{([^}]*)}/.exec(css)[1];
  return { light, dark: { ...light, ...values(dark) } };
}

// A picture in a file cannot read the page's colours, and a style element inside it would fall to
// the Content-Security-Policy: so each drawing is written twice, with the colours filled in.
async function writeDrawings() {
  const colours = await palettes();
  for (const name of await readdir(path.join(here, 'art'))) {
    const svg = (await readFile(path.join(here, 'art', name), 'utf8'))
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/\s*\n\s*/g, ' ')
      .replace(/> </g, '><')
      .trim();
    for (const [mode, palette] of Object.entries(colours)) {
      const drawn = svg.replace(/var\(--([\w-]+)\)/g, (_, token) => {
        if (!palette[token]) throw new Error(`${name}: no colour is called --${token}.`);
        return palette[token];
      });
      const file = mode === 'light' ? name : name.replace('.svg', `-${mode}.svg`);
      if (mode === 'light' || drawn !== svg) await writeFile(path.join(out, file), `${drawn}\n`);
    }
  }
}

const shared = {
  absWorkingDir: root,
  outdir: out,
  bundle: true,
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  target: ['chrome100', 'firefox102', 'safari15.4'],
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all([
  build({ ...shared, entryPoints: { main: 'frontend/css/main.css' } }),
  build({ ...shared, entryPoints: { main: 'frontend/js/main.js' }, format: 'esm' }),
  build({ ...shared, entryPoints: { map: 'frontend/js/map.js' }, format: 'esm' }),
  build({
    ...shared,
    entryPoints: { map: 'frontend/css/map.css' },
    // Files, not data: addresses, because the Content-Security-Policy allows no others.
    loader: { '.png': 'file' },
    assetNames: 'images/[name]',
  }),
  writeIcons(),
  writeDrawings(),
]);
// What preview pictures are drawn with: files by part of the alphabets, and which letters each has.
const letters = path.join(root, 'node_modules/@fontsource/noto-sans');
const fonts = path.join(root, 'build', 'fonts');
await rm(fonts, { recursive: true, force: true });
await mkdir(fonts, { recursive: true });
await cp(path.join(letters, 'unicode.json'), path.join(fonts, 'unicode.json'));
await cp(path.join(letters, 'LICENSE'), path.join(fonts, 'LICENSE'));
for (const subset of ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'vietnamese']) {
  for (const weight of [400, 700]) {
    const name = `noto-sans-${subset}-${weight}-normal.woff2`;
    await cp(path.join(letters, 'files', name), path.join(fonts, name));
  }
}
// What posters and cards are set in. The engine that sets them reads whole TrueType files alone.
const paper = path.join(fonts, 'paper');
await mkdir(paper, { recursive: true });
for (const [family, files] of [
  ['noto-sans', ['400Regular/NotoSans_400Regular', '700Bold/NotoSans_700Bold']],
  ['noto-sans-arabic', ['400Regular/NotoSansArabic_400Regular', '700Bold/NotoSansArabic_700Bold']],
  ['noto-emoji', ['400Regular/NotoEmoji_400Regular', '700Bold/NotoEmoji_700Bold']],
]) {
  const from = path.join(root, 'node_modules/@expo-google-fonts', family);
  for (const file of files) {
    await cp(path.join(from, `${file}.ttf`), path.join(paper, `${path.basename(file)}.ttf`));
  }
  await cp(path.join(from, 'LICENSE_FONT'), path.join(paper, `LICENSE-${family}.txt`));
}
// The licences ask that their notices travel with the code.
await mkdir(path.join(out, 'licenses'), { recursive: true });
for (const [name, file] of [
  ['leaflet', 'leaflet/LICENSE'],
  ['tabler-icons', '@tabler/icons/LICENSE'],
  ['nl-design-system', '@nl-design-system-candidate/button-css/LICENSE.md'],
  ['utrecht', '@utrecht/textbox-css/LICENSE.md'],
]) {
  await cp(path.join(root, 'node_modules', file), path.join(out, 'licenses', `${name}.txt`));
}
