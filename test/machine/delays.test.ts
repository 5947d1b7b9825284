import { expect, it } from 'vitest';
import { compile, compileCore } from '../../src/compiler/index.ts';
import { createCore, engineNames } from '../../src/engine/index.ts';
import type { Placement } from '../../src/image/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { spikeTrain, valuesOf } from '../support/core.ts';
import { lateNetwork } from './late-network.ts';
import { roundMesh } from './round-mesh.ts';

const options = { precision: 'mp16-8', seed: 1 };
const net = lateNetwork(6);
const hw = roundMesh();

function run(placement: Placement): Machine {
  const system = createMachine(compile(net, hw, options, { slices: placement }));
  const one = createCore(compileCore(net, hw, options));
  const spikes = spikeTrain([0, 1], [3], [], [0], [], []);
  for (const core of [one, system]) core.begin({ label: 0, learn: false, steps: 6, spikes });
  for (let step = 0; step < 6; step++) {
    for (const core of [one, system]) core.step();
    for (const name of ['b.v', 'c.v', 'a.delayed'])
      expect(valuesOf(system, name)).toEqual(valuesOf(one, name));
  }
  return system;
}

const slices = (size: number, ...cores: readonly number[]) =>
  cores.map((core, index) => ({ first: (index * size) / cores.length, size: size / cores.length, core }));

it('a spike waits where its synapses are, and takes one packet to a core', () => {
  // Four spikes: of neurons 0, 1, 3, 0. On cores 1 and 2 there are `b` and `c`: a packet to each.
  const apart = run({ in: slices(4, 0), a: slices(4, 0), b: slices(2, 1), c: slices(2, 2) });
  expect(apart.counters().network?.send).toBe(8);
  // What acts at once and what waits are on one core: the same packet takes both.
  const together = run({ in: slices(4, 0), a: slices(4, 0), b: slices(2, 1), c: slices(2, 1) });
  expect(together.counters().network?.send).toBe(4);
  // Each of the cores with a part of `c` has a ring: two rows of 4 flags, a word of 16 bits each.
  const cut = run({ in: slices(4, 0), a: slices(4, 0), b: slices(2, 1), c: slices(2, 2, 3) });
  expect(cut.counters().network?.send).toBe(12);
  const rings = cut.cores.map(({ image }) =>
    image.fields.filter(({ name }) => name.endsWith('.delayed')).map(({ count }) => count),
  );
  expect(rings).toEqual([[], [], [8], [8]]);
  const kept = cut.image.work.indexOf('keep spikes of a');
  expect(cut.counters().work[kept]).toMatchObject({
    runs: 12,
    tiles: 24,
    reads: [0, 0, 12],
    writes: [0, 0, 12],
  });
});

it.each(engineNames)('%s cores go on from a checkpoint while spikes wait', (engine) => {
  const placement = { in: slices(4, 0), a: slices(4, 0, 1), b: slices(2, 1), c: slices(2, 2, 3) };
  const image = compile(net, hw, options, { slices: placement });
  const spikes = spikeTrain([0, 1], [3], [2], [0], [], []);
  const begun = (): Machine => {
    const system = createMachine(image, { engine });
    system.begin({ label: 0, learn: false, steps: 6, spikes });
    return system;
  };
  const whole = begun();
  whole.finish();
  for (let steps = 0; steps < 6; steps++) {
    const first = begun();
    for (let step = 0; step < steps; step++) first.step();
    const next = createMachine(image, { engine });
    next.resume(structuredClone(first.checkpoint()));
    next.finish();
    expect(valuesOf(next, 'c.v')).toEqual(valuesOf(whole, 'c.v'));
    expect(next.counters()).toEqual(whole.counters());
  }
});
