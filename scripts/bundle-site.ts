/**
 * `tsx scripts/bundle-site.ts FOLDER`: builds the playground into static files that any web server can serve. The build
 * runs it, into `dist/site`.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
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
 * Builds the page and its worker.
 *
 * @param folder is emptied first
 * @param digits a folder with the digits as IDX files
 */
export async function bundleSite(folder: string, digits: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'digits'), { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { main: 'site/page/main.tsx', worker: 'site/worker/main.ts', style: 'site/style/main.css' },
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
    plugins: [bundled],
    legalComments: 'none',
    metafile: true,
  });
  const packages = packagesOf(Object.keys(metafile.inputs));
  writeFileSync(join(folder, 'LICENSES.txt'), licenceText(packages));
  for (const name of readdirSync(join(root, 'site')).filter((each) => /\.(html|svg|png)$/.test(each)))
    copyFileSync(join(root, 'site', name), join(folder, name));
  for (const name of readdirSync(digits).filter((each) => each.endsWith('-ubyte')))
    writeFileSync(
      join(folder, 'digits', `${name}.gz`),
      gzipSync(readFileSync(join(digits, name)), { level: 9 }),
    );
  copyFileSync(join(digits, 'LICENSE'), join(folder, 'digits', 'LICENSE'));
}

const [, script, folder, digits = join(root, 'dist/data/digits')] = process.argv;
if (script === fileURLToPath(import.meta.url) && folder !== undefined) await bundleSite(folder, digits);
