import { expect, test } from 'vitest';
import { compile } from '../../src/compiler/index.ts';
import { findHwModel } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import type { SpreadImage } from '../../src/image/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { createJointly } from '../../src/machine/joint-cores.ts';
import { spread } from '../support/spread.ts';
import { type Projection, recurrentProgram } from './recurrent.ts';

/*
 * Cores that run the same kernel for the same spikes are carried out as one joint core on the fast engine. The
 * reference engine carries them out one by one: all that can be read must be equal.
 */

const size = 90;

/** Numbers that repeat late: enough to tell rows and columns apart. */
const drawn = (index: number): number => (index * 7919 + (index >> 3) * 104_729) % 1009;

const weightsOf = (count: number, sign: number): Float64Array =>
  Float64Array.from({ length: count }, (_, index) => sign * ((drawn(index) % 15) - 7));

/** Synapses of each neuron; but the first has a single one: most cores have no synapses of it. */
function listed(fanOut: number): Projection {
  const starts = Uint32Array.from({ length: size + 1 }, (_, row) => Math.max(0, 1 + (row - 1) * fanOut));
  const targets = Uint32Array.from({ length: 1 + (size - 1) * fanOut }, (_, index) => drawn(index) % size);
  for (let row = 0; row < size; row++) targets.subarray(starts[row], starts[row + 1]).sort();
  return { connect: { sparse: { starts: { values: starts }, targets: { values: targets } } } };
}

function imageOf(projection: Projection): SpreadImage {
  const program = recurrentProgram('joint', size, projection, { steps: 100, threshold: 300 });
  const options = { precision: 'mp16-8', seed: 1 };
  const hw = findHwModel({ name: 'mesh', from: '' }, options.precision, findFile);
  const populations = [
    { name: 'none', size: 1 },
    { name: 'all', size },
  ];
  return compile(program, hw, options, { slices: spread(populations, 0, 3, hw.lanes) }) as SpreadImage;
}

const indexIn = ({ image }: Machine, name: string): number =>
  image.fields.findIndex((field) => field.name === name);

test.each([
  ['dense', {}],
  ['listed', listed(30)],
  // Longer ones are visited where they are; the others are copied into one list.
  ['long listed', listed(150)],
] as const)('%s rows of several cores count and add up as core by core', (_, projection) => {
  const image = imageOf(projection);
  expect(createJointly(image)?.byJob.some((joint) => joint !== undefined)).toBe(true);
  const machines = (['fast', 'reference'] as const).map((engine) => createMachine(image, { engine }));
  const states = machines.map((machine) => {
    const potentials = Float64Array.from({ length: size }, (_unused, neuron) => drawn(neuron) % 300);
    const weight = indexIn(machine, 'recurrent.weight');
    const { length } = machine.read(weight);
    const seen: unknown[] = [];
    let spikes = 0;
    const run = (steps: number): void => {
      for (let step = 0; step < steps; step++) spikes += machine.step();
      seen.push(spikes, machine.counters(), machine.busyCycles(), machine.save(), [...machine.emitted]);
    };
    machine.write(weight, weightsOf(length, 1));
    machine.write(indexIn(machine, 'all.v'), potentials);
    machine.begin({ label: 0, learn: false, steps: 100 });
    run(20);
    const before = machine.save();
    // The synapses change, and change back.
    machine.write(weight, weightsOf(length, -1));
    run(10);
    machine.restore(before);
    run(10);
    machine.resume(machine.checkpoint());
    run(10);
    expect(spikes).toBeGreaterThan(100);
    return seen;
  });
  expect(states[0]).toEqual(states[1]);
});
