/**
 * Run by the build: puts the parts of ECharts that `plasticore report` draws with into `dist`, and the licences that go
 * with them. As a dependency, ECharts would take 62 MB of an installation that needs 1 % of it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { licenceText, packagesOf } from './third-party.ts';

const bundle = fileURLToPath(new URL('../dist/report/html/echarts.js', import.meta.url));

const { metafile } = await build({
  entryPoints: [bundle],
  outfile: bundle,
  allowOverwrite: true,
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  metafile: true,
});

const external = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
if (external.length > 0) throw new Error(`not bundled: ${external.map(({ path }) => path).join(', ')}`);
const packages = packagesOf(Object.keys(metafile.inputs));
const names = packages.map(({ title }) => title).join(', ');
const code = readFileSync(bundle, 'utf8');
writeFileSync(bundle, `/*! ${names}: licences and notices in echarts.LICENSE.txt */\n${code}`);
writeFileSync(bundle.replace(/\.js$/, '.LICENSE.txt'), licenceText(packages));
