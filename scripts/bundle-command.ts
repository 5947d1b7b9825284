/**
 * Run by the build: joins the command line, with all that it loads, into a few files in `dist/cli`. To find and read
 * 500 modules takes Node longer than to run them. The library stays in modules, with dependencies of its own, so that
 * whoever uses it can bundle what they need.
 */
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { licenceText, packagesOf } from './third-party.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = `${root}dist/cli`;

/** The charts and scripts of reports are bundles already. */
const ofReports: Plugin = {
  name: 'charts and scripts of reports',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/(echarts|scripts)\.ts$/ }, ({ path }) => ({
      path: `../report/html/${path.slice(2, -3)}.js`,
      external: true,
    })),
};

rmSync(folder, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  // Worker threads and jobs of a cluster are started by the name of their file.
  entryPoints: {
    main: 'src/cli/main.ts',
    'node-worker': 'src/explore/runs/node-worker.ts',
    'node-slurm-job': 'src/explore/runs/slurm/node-slurm-job.ts',
    'node-crew-member': 'src/machine/threads/node-crew-member.ts',
    // What modules of chips import as plasticore/chips.
    kit: 'src/chips/kit.ts',
  },
  outdir: folder,
  // No folder for chunks: `../` leads to dist and `../../` to the package, as from a module of the library.
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Names and short lines stay, so that a stack trace says where.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 110,
  // Large, with files of their own, and used by few commands.
  external: ['h5wasm', 'piscina'],
  plugins: [ofReports],
  // Some of the packages are CommonJS, and ask for Node's modules.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  legalComments: 'none',
  metafile: true,
});
writeFileSync(`${folder}/LICENSE.txt`, licenceText(packagesOf(Object.keys(metafile.inputs))));
chmodSync(`${folder}/main.js`, 0o755);
