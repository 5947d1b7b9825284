import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { loadRancCore, type RancTrace, rancSettings } from '../src/chips/kit.ts';
import { type NdArray, writeNpz } from '../src/data/index.ts';
import { createCore } from '../src/engine/index.ts';
import { deploy, noSettings } from '../src/experiment/index.ts';
import { findFile } from '../src/fs/index.ts';
import { coreImageOf } from '../src/image/index.ts';

// npx tsx scripts/ranc-tea.ts: writes the contents of the cores of RANC's network tea/128, programs/ranc-tea.npz, from
// its golden trace. The network is its authors' (programs/ranc-tea.LICENSE.txt).

const root = join(import.meta.dirname, '..');

/** The fields that are not the same number everywhere, in bytes; all others of a core stay 0. */
const fields = [
  'axons.type',
  'crossbar.connected',
  ...['w0', 'w1', 'w2', 'w3', 'leak', 'pos_threshold', 'dx', 'dy', 'axon'].map((name) => `neurons.${name}`),
];

/** By field, its items of all cores, core by core. */
export function rancTea(): Readonly<Record<string, NdArray>> {
  const text = brotliDecompressSync(readFileSync(join(root, 'test', 'golden', 'traces', 'ranc-tea.json.br')));
  const { config, cores } = JSON.parse(text.toString()) as RancTrace;
  const byName = { name: 'ranc', from: '' };
  const settings = { ...noSettings, ...rancSettings(config, 'ranc-tea') };
  const image = coreImageOf(
    deploy({ program: byName, hw: byName, precision: 'own', seed: 1, settings }, findFile).image,
  );
  const loaded = cores.flatMap((memories) => {
    if (memories === null) return [];
    const core = createCore(image);
    loadRancCore(core, memories);
    return [core];
  });
  return Object.fromEntries(
    fields.map((name) => {
      const index = image.fields.findIndex((field) => field.name === name);
      const { axons, neurons } = config;
      const shape =
        name === 'crossbar.connected' ? [neurons, axons] : [name === 'axons.type' ? axons : neurons];
      const data = Int8Array.from(loaded.flatMap((core) => [...core.read(index)]));
      return [name.split('.')[1] ?? name, { data, shape: [loaded.length, ...shape] }];
    }),
  );
}

const [, script] = process.argv;
if (script === fileURLToPath(import.meta.url))
  writeFileSync(join(root, 'programs', 'ranc-tea.npz'), writeNpz(rancTea()));
