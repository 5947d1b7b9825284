import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NdArray, writeNpz } from '../../../src/data/index.ts';
import { createCore } from '../../../src/engine/index.ts';
import { goldenText } from '../../support/golden.ts';
import { root } from '../../support/root.ts';
import { loadRancCore } from './memories.ts';
import { rancImage } from './model.ts';
import type { RancTrace } from './trace-parts.ts';

// npx tsx test/chips/ranc/tea.ts: writes the contents of the cores of RANC's network tea/128, programs/ranc-tea.npz,
// from its golden trace. The network is its authors' (programs/ranc-tea.LICENSE.txt).

/** The fields that are not the same number everywhere, in bytes; all others of a core stay 0. */
const fields = [
  'axons.type',
  'crossbar.connected',
  ...['w0', 'w1', 'w2', 'w3', 'leak', 'pos_threshold', 'dx', 'dy', 'axon'].map((name) => `neurons.${name}`),
];

/** By field, its items of all cores, core by core. */
function rancTea(): Readonly<Record<string, NdArray>> {
  const { config, cores } = JSON.parse(goldenText('ranc-tea')) as RancTrace;
  const image = rancImage(config);
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

writeFileSync(join(root, 'programs', 'ranc-tea.npz'), writeNpz(rancTea()));
