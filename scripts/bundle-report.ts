/**
 * Run by the build: puts into `dist` what pages of `plasticore report` need of other packages, with the licences that
 * go with it: the parts of ECharts that it draws with, and the scripts of the page. As a dependency, ECharts would take
 * 62 MB of an installation that needs 1 % of it.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import {
  bundleExplorerScript,
  bundlePageScript,
  bundlePageStyle,
} from '../src/report/html/bundle-scripts.ts';
import { licenceText, packagesOf } from './third-party.ts';

/** The module that takes the place of `scripts.ts`: a page hands on the licences of what its script consists of. */
export function scriptsModule(): string {
  const [page, explorer] = [bundlePageScript(), bundleExplorerScript()];
  // As a comment, which no licence may end. A page states the digest of its script, and HTML reads no carriage returns.
  const licences = licenceText(packagesOf(explorer.inputs)).replaceAll('*/', '* /').replaceAll('\r', '');
  return `export const pageStyle = ${JSON.stringify(bundlePageStyle())};
export const pageScript = ${JSON.stringify(page.text)};
export const explorerScript = ${JSON.stringify(`/*!\n${licences}*/\n${explorer.text}`)};
`;
}

let made: string | undefined;

/** The same for other bundles of the sources. */
export const scriptsAsText: Plugin = {
  name: 'scripts of pages as text',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/report\/html\/scripts\.ts$/ }, () => {
      made ??= scriptsModule();
      return { contents: made };
    }),
};

async function bundleCharts(bundle: string): Promise<void> {
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
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = fileURLToPath(new URL('../dist/report/html/', import.meta.url));
  await bundleCharts(`${folder}echarts.js`);
  writeFileSync(`${folder}scripts.js`, scriptsModule());
  for (const name of ['bundle-scripts.js', 'bundle-scripts.d.ts']) rmSync(`${folder}${name}`);
}
