import { compileSystem } from '../../src/compiler/index.ts';
import { System } from '../../src/cores/index.ts';
import { findHwModel } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { createProgram } from '../../src/program/index.ts';
import { spread } from '../support/spread.ts';

/*
 * The network `dense1024` on which the simulator SANA-FE was timed: 1024 neurons, each onto all of them, itself included,
 * on four cores. Every step adds 1 to each potential and the weights of the spikes of the step before; a potential above
 * 19 spikes and becomes 0. Here, 1 is 64, so that all numbers are whole. Its authors' generator, in words: xorshift32 with
 * shifts 13, 17 and 5, from seed 1024; first the initial potentials, (next >> 16) mod 20; then, row by row, the weights:
 * m = (next >> 16) mod 14, less 7 if below 7, else less 6.
 */

export const neurons = 1024;

const rule = `kernel integrate over row
  ld r0, syn.weight
  ld r1, post.v
  add r1, r1, r0
  st r1, post.v
end
kernel fire over neurons
  ld r0, self.v
  add r0, r0, 64
  cmp.gt r1, r0, 1216
  sel r0, r1, 0, r0
  st r0, self.v
  emit r1
end
`;

const program = createProgram({
  name: 'recurrent-1024',
  steps: 2 ** 20,
  input: 'none',
  populations: { none: { size: 1 }, all: { size: neurons, fields: { v: { accumulator: 16 } } } },
  projections: { recurrent: { from: 'all', to: 'all' } },
  microcode: { rule: { text: rule } },
  events: {
    tick: [{ deliver: 'all', spikes: 'previous' }, { run: 'fire', over: 'all' }, { deliver: 'all' }],
    previousSpike: { all: [{ run: 'integrate', over: 'recurrent' }] },
  },
  readout: 'all.v',
});

/** The network on some cores of `mesh`, before its first step. */
export function recurrent(cores: number, engine?: string): System {
  const options = { precision: 'mp16-8', seed: 1 };
  const hw = findHwModel({ name: 'mesh', from: '' }, options.precision, findFile);
  const populations = [
    { name: 'none', size: 1 },
    { name: 'all', size: neurons },
  ];
  // On one core, the weights need more memory than a core of `mesh` has.
  const roomy = { ...hw, banks: hw.banks.map((bank) => ({ ...bank, capacityBits: 2 ** 26 })) };
  const placement = spread(populations, 0, cores, hw.lanes);
  const system = new System(
    compileSystem(program, roomy, options, placement),
    engine === undefined ? {} : { engine },
  );
  let x = 1024;
  const next = (): number => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 16;
  };
  const indexOf = (name: string): number => system.image.fields.findIndex((field) => field.name === name);
  system.write(
    indexOf('all.v'),
    Float64Array.from({ length: neurons }, () => 64 * (next() % 20)),
  );
  const weights = Float64Array.from({ length: neurons ** 2 }, () => {
    const m = next() % 14;
    return m < 7 ? m - 7 : m - 6;
  });
  system.write(indexOf('recurrent.weight'), weights);
  system.begin({ label: 0, learn: false, steps: 2 ** 20 });
  return system;
}
