import { expect, test } from 'vitest';
import { compile } from '../../src/compiler/index.ts';
import { kernelExecutions } from '../../src/engine/index.ts';
import { findHwModel } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import type { Slice } from '../../src/image/index.ts';
import { createMachine } from '../../src/machine/index.ts';
import { createProgram } from '../../src/program/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { inThorough } from '../support/thorough.ts';

/*
 * Blocks of a sparse projection that the slices of a population cut, so that the segments of a core differ in length. A
 * kernel that integrates, and one that learns where a neuron has spiked.
 */

const rule = `kernel integrate over row
  ld r0, syn.weight
  ld r1, post.v
  add.s r1, r1, r0
  st r1, post.v
end
kernel learn over row where post.v
  ld r0, syn.weight
  ld r1, post.v
  sra.rz r1, r1, 12
  add.s r0, r0, r1
  st r0, syn.weight
end
kernel fire over neurons
  ld r0, self.v
  cmp.gt r1, r0, 100
  sel r0, r1, 0, r0
  st r0, self.v
  emit r1
end
`;

/** A network whose populations are cut at multiples of `unit`, on cores of so many lanes. */
function network(seed: number, block: number, unit: number, lanes: number) {
  const dice = new Dice(seed);
  const size = 40 * dice.whole(3, 6);
  const fanOut = block * dice.whole(1, Math.floor(size / block));
  const learns = dice.chance(0.5);
  const program = createProgram({
    name: 'cut',
    steps: 20,
    input: 'in',
    populations: { in: { size: 60 }, out: { size, fields: { v: { bits: 16 } } } },
    projections: {
      some: {
        from: 'in',
        to: 'out',
        connect: { sparse: { fanOut, block, seed } },
        initialWeights: { uniform: 90 },
      },
    },
    microcode: { rule: { text: rule } },
    events: {
      tick: [{ deliver: 'in' }, { run: 'fire', over: 'out' }, { deliver: 'out' }],
      spike: {
        in: [{ run: 'integrate', over: 'some' }, ...(learns ? [{ run: 'learn', over: 'some' }] : [])],
      },
    },
    readout: 'out.v',
  });
  const options = { precision: 'mp16-8', seed };
  const hw = { ...findHwModel({ name: 'mesh', from: '' }, options.precision, findFile), lanes };
  const cuts = [...new Set([0, unit * dice.whole(1, 9), unit * dice.whole(1, 9)])].sort((a, b) => a - b);
  const out = cuts.map((first, core): Slice => ({ first, size: (cuts[core + 1] ?? size) - first, core }));
  return compile(program, hw, options, { slices: { in: [{ first: 0, size: 60, core: 0 }], out } });
}

const seen = new Set<string>();

test.each([
  [8, 8, 16],
  [16, 8, 16],
  [40, 8, 1],
  [40, 8, 8],
  [40, 4, 1],
  [40, 4, 4],
  [24, 8, 3],
  [24, 12, 12],
  [32, 16, 16],
  [10, 5, 1],
])('blocks of %i, cut at multiples of %i, on %i lanes', (block, unit, lanes) => {
  for (let seed = 1; seed <= inThorough(6, 2); seed++) {
    const system = network(seed, block, unit, lanes);
    for (const { image } of system.cores) {
      const isCut = image.projections.some(({ segments }) => new Set(segments.length).size > 1);
      for (const [index, { lanes: of }] of kernelExecutions(image).entries())
        if (isCut && image.kernels[index]?.projection !== undefined) seen.add(of);
    }
    const [fast, reference] = ['fast', 'reference'].map((engine) => createMachine(system, { engine }));
    if (fast === undefined || reference === undefined) throw new Error('no engine');
    const dice = new Dice(seed);
    for (const core of [fast, reference]) core.begin({ label: 0, learn: true, steps: 20 });
    for (let step = 0; step < 20; step++) {
      const spikes = Array.from({ length: 60 }, (_, neuron) => neuron).filter(() => dice.chance(0.2));
      for (const core of [fast, reference]) {
        core.receive(fast.image.input, spikes);
        core.step();
      }
      expect(fast.spikesOf(1)).toEqual(reference.spikesOf(1));
    }
    expect(fast.save()).toEqual(reference.save());
    expect(fast.counters()).toEqual(reference.counters());
  }
});

test('vectors of both widths go over segments of different lengths', () => {
  expect(seen).toEqual(new Set(['int16 x 8', 'int32 x 4', 'scalar']));
});
