/**
 * Run by the build: puts the parts of ECharts that `plasticore report` draws with into `dist`, and the licences that go
 * with them. As a dependency, ECharts would take 62 MB of an installation that needs 1 % of it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);
const bundle = new URL('dist/report/html/echarts.js', root);
const licences = new URL('dist/report/html/echarts.LICENSE.txt', root);

/** What is bundled, with the files that its licence asks to be passed on. */
const parts = [
  { name: 'Apache ECharts', folder: 'echarts', files: ['NOTICE', 'LICENSE', 'licenses/LICENSE-d3'] },
  { name: 'ZRender', folder: 'zrender', files: ['LICENSE'] },
  { name: 'tslib', folder: 'echarts/node_modules/tslib', files: ['CopyrightNotice.txt', 'LICENSE.txt'] },
] as const;

const textOf = (path: string) => readFileSync(new URL(`node_modules/${path}`, root), 'utf8').trim();
const versionOf = (folder: string) =>
  (JSON.parse(textOf(`${folder}/package.json`)) as { readonly version: string }).version;

const names = parts.map(({ name, folder }) => `${name} ${versionOf(folder)}`);
const { metafile } = await build({
  entryPoints: [bundle.pathname],
  outfile: bundle.pathname,
  allowOverwrite: true,
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  banner: { js: `/*! ${names.join(', ')}: licences and notices in echarts.LICENSE.txt */` },
  metafile: true,
});

const external = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
if (external.length > 0) throw new Error(`not bundled: ${external.map(({ path }) => path).join(', ')}`);
const unknown = Object.keys(metafile.inputs).filter(
  (path) =>
    path.includes('node_modules/') &&
    !parts.some(({ folder }) => path.includes(`/${folder.split('/').at(-1)}/`)),
);
if (unknown.length > 0) throw new Error(`bundled without its licence: ${unknown.join(', ')}`);
if (existsSync(licences)) throw new Error(`${licences.pathname} is there already`);
writeFileSync(
  licences,
  parts
    .flatMap(({ folder, files }, index) => [
      `${names[index]}\n${'='.repeat(names[index]?.length ?? 0)}`,
      ...files.map((file) => textOf(`${folder}/${file}`)),
    ])
    .join('\n\n')
    .concat('\n'),
);
