/**
 * `tsx scripts/bundle-site.ts FOLDER`: builds the playground into static files that any web server can serve. The build
 * runs it, into `dist/site`.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Metafile, type Plugin } from 'esbuild';
import { bundledModule } from './bundled-texts.ts';
import { licenceText, packagesOf } from './third-party.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** `plasticore/bundled`, made of the sources that stand here. */
const bundled: Plugin = {
  name: 'the bundled files',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^plasticore\/bundled$/ }, () => ({ path: 'bundled', namespace: 'made' }));
    onLoad({ filter: /.*/, namespace: 'made' }, () => ({
      contents: bundledModule(join(root, 'src/text/index.ts')),
      resolveDir: root,
    }));
  },
};

/**
 * The page of a report, which nothing here asks for. esbuild would still make a file of it, charts and all, and move
 * what the worker shares with it into another.
 */
const noReportPage: Plugin = {
  name: 'no page of a report',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/(page|render|data-page)\.ts$/ }, ({ importer, kind }) =>
      kind === 'dynamic-import' && importer.endsWith('src/report/html/index.ts')
        ? { path: 'report page', namespace: 'left out' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'left out' }, () => ({
      contents: "throw new Error('the playground makes no page of a report')",
    }));
  },
};

/**
 * A cell asks the Verilog whether an FPGA has room for its core. The rest of that room, which writes files, comes when
 * it is asked for: a browser takes long to read it, and esbuild divides by files, not by what is imported of them.
 */
const noVerilogAtFirst: Plugin = {
  name: 'no Verilog at first',
  setup({ onResolve }) {
    onResolve({ filter: /rtl\/index\.ts$/ }, ({ importer }) =>
      importer.includes('src/experiment/description/')
        ? { path: join(root, 'src/rtl/synthesis/needs.ts'), sideEffects: false }
        : undefined,
    );
  },
};

/**
 * Each is bundled for itself. In one build, esbuild puts whatever the worker needs into the page, too, if the page
 * imports anything of the same room: half a megabyte.
 */
const entryPoints = [
  { main: 'site/page/main.tsx' },
  { worker: 'site/worker/main.ts' },
  { style: 'site/style/main.css' },
];

/**
 * Builds the page and its worker.
 *
 * @param folder is emptied first
 * @param digits a folder with the digits as IDX files
 */
export async function bundleSite(folder: string, digits: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'digits'), { recursive: true });
  const bundles = await Promise.all(entryPoints.map((entry) => bundle(entry, folder)));
  const packages = packagesOf(bundles.flatMap(({ inputs }) => inputs));
  writeFileSync(join(folder, 'LICENSES.txt'), licenceText(packages));
  for (const name of readdirSync(join(root, 'site')).filter((each) => /\.(svg|png)$/.test(each)))
    copyFileSync(join(root, 'site', name), join(folder, name));
  const html = readFileSync(join(root, 'site/index.html'), 'utf8');
  const parts = bundles.flatMap(({ atOnce }) => atOnce);
  writeFileSync(join(folder, 'index.html'), withParts(html, parts));
  for (const name of readdirSync(digits).filter((each) => each.endsWith('-ubyte')))
    writeFileSync(
      join(folder, 'digits', `${name}.gz`),
      gzipSync(readFileSync(join(digits, name)), { level: 9 }),
    );
  copyFileSync(join(digits, 'LICENSE'), join(folder, 'digits', 'LICENSE'));
}

/** Names parts in the head of the page: the browser would know of them only when it has read the script. */
function withParts(html: string, parts: readonly string[]): string {
  const main = '<link rel="modulepreload" href="main.js" />';
  if (!html.includes(main)) throw new Error(`site/index.html has no ${main}`);
  return html.replace(main, [main, ...parts.map((part) => main.replace('main.js', part))].join('\n    '));
}

interface Bundle {
  /** The sources that have come into it. */
  readonly inputs: readonly string[];
  /** Parts without which the page does not begin; none for the worker, which loads its own. */
  readonly atOnce: readonly string[];
}

async function bundle(entryPoints: Readonly<Record<string, string>>, folder: string): Promise<Bundle> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: folder,
    entryNames: '[name]',
    chunkNames: 'part-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [bundled, noReportPage, noVerilogAtFirst],
    // templates/rtl
    loader: { '.mk': 'text', '.py': 'text', '.sv': 'text', '.tcl': 'text', '.txt': 'text' },
    legalComments: 'none',
    metafile: true,
    write: false,
  });
  // esbuild makes files of what is imported late by code that it has left out: nothing names them.
  const { outputs } = metafile;
  const entries = Object.values(entryPoints);
  const kept = new Set(
    Object.keys(outputs).filter((path) => entries.includes(outputs[path]?.entryPoint ?? '')),
  );
  for (const path of kept) for (const { path: next } of outputs[path]?.imports ?? []) kept.add(next);
  const keptFiles = new Set([...kept].map((path) => join(root, path)));
  for (const { path, contents } of outputFiles) if (keptFiles.has(path)) writeFileSync(path, contents);
  return {
    inputs: [...kept].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {})),
    atOnce: 'main' in entryPoints ? partsBefore(outputs, entries).map((path) => basename(path)) : [],
  };
}

/** The parts that must be there before an entry runs: what it imports, and what these import. */
function partsBefore(outputs: Metafile['outputs'], entries: readonly string[]): string[] {
  const parts = new Set(
    Object.keys(outputs).filter((path) => entries.includes(outputs[path]?.entryPoint ?? '')),
  );
  const own = [...parts];
  for (const path of parts)
    for (const { path: next, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement') parts.add(next);
  return [...parts].filter((path) => !own.includes(path));
}

const [, script, folder, digits = join(root, 'dist/data/digits')] = process.argv;
if (script === fileURLToPath(import.meta.url) && folder !== undefined) await bundleSite(folder, digits);
