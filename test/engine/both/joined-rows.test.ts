import { expect, test } from 'vitest';
import { compileCore } from '../../../src/compiler/index.ts';
import { planKernel } from '../../../src/engine/fast/plan/kernel-plan.ts';
import { createCore } from '../../../src/engine/index.ts';
import { findHwModel } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { createProgram } from '../../../src/program/index.ts';
import { Dice } from '../random/dice.ts';

/*
 * Many spikes at once over short rows of listed targets, with repeats and rows without any: the fast engine copies such
 * rows into one list.
 */

const rules = {
  integrate: '  ld r0, syn.weight\n  ld r1, post.v\n  add.s r1, r1, r0\n  st r1, post.v',
  // Of two fields, with a constant of the run.
  leak: '  ld r0, syn.weight\n  ld r1, post.v\n  sra.rz r2, r1, #shift\n  sub.s r1, r1, r2\n  add.s r1, r1, r0\n  st r1, post.v\n  ld r3, post.w\n  max r3, r3, r1\n  st r3, post.w',
  // No weight is read.
  count: '  ld r1, post.v\n  add.s r1, r1, 1\n  st r1, post.v',
  // A row's own value, and a weight that is written: these are visited where they are.
  traced: '  ld r0, pre.t\n  ld r1, post.v\n  add.s r1, r1, r0\n  st r1, post.v',
  learn: '  ld r0, syn.weight\n  ld r1, post.v\n  add.s r0, r0, r1\n  st r0, syn.weight\n  st r0, post.v',
};

function imageOf(rule: keyof typeof rules, longest: number, weightBits: number, seed: number) {
  const dice = new Dice(seed);
  const [pre, post] = [150, 90];
  const starts = [0];
  const targets: number[] = [];
  for (let row = 0; row < pre; row++) {
    const count = row === 7 ? longest : dice.whole(0, longest);
    targets.push(...Array.from({ length: count }, () => dice.whole(0, post - 1)).sort((a, b) => a - b));
    starts.push(targets.length);
  }
  const program = createProgram({
    name: 'rows',
    steps: 8,
    parameters: { shift: 3 },
    input: 'in',
    populations: {
      in: { size: pre, fields: { t: { bits: 8 } } },
      out: { size: post, fields: { v: { bits: 16 }, w: { bits: 16 } } },
    },
    projections: {
      some: {
        from: 'in',
        to: 'out',
        connect: {
          sparse: {
            starts: { values: Uint32Array.from(starts) },
            targets: { values: Uint32Array.from(targets) },
          },
        },
        initialWeights: { uniform: 7 },
      },
    },
    microcode: { rule: { text: `kernel k over row\n${rules[rule]}\nend\n` } },
    events: { tick: [{ deliver: 'in' }], spike: { in: [{ run: 'k', over: 'some' }] } },
    readout: 'out.v',
  });
  const hw = findHwModel({ name: 'reference', from: '' }, `mp16-${weightBits}`, findFile);
  return compileCore(program, hw, { precision: `mp16-${weightBits}`, seed });
}

test.each([
  ['integrate', 6, 8, true],
  ['integrate', 8, 4, true],
  ['integrate', 9, 8, true],
  ['integrate', 32, 8, true],
  ['integrate', 128, 8, true],
  ['integrate', 129, 8, false],
  ['integrate', 20, 16, true],
  ['leak', 17, 8, true],
  ['count', 12, 8, true],
  ['traced', 12, 8, false],
  ['learn', 12, 8, false],
] as const)('%s over rows of up to %i synapses of %i bits', (rule, longest, weightBits, isJoined) => {
  for (let seed = 1; seed <= 3; seed++) {
    const image = imageOf(rule, longest, weightBits, seed);
    expect(planKernel(image, 0).gathering !== undefined).toBe(isJoined);
    const dice = new Dice(seed);
    const [fast, reference] = ['fast', 'reference'].map((engine) => createCore(image, { engine }));
    if (fast === undefined || reference === undefined) throw new Error('no engine');
    const traces = Float64Array.from({ length: 150 }, () => dice.whole(0, 50));
    const weights = image.fields.findIndex(({ name }) => name === 'some.weight');
    const most = 2 ** (weightBits - 1) - 1;
    const drawn = fast.read(weights).map(() => dice.whole(-most, most));
    for (const core of [fast, reference]) {
      core.write(
        image.fields.findIndex(({ name }) => name === 'in.t'),
        traces,
      );
      core.write(weights, drawn);
      core.begin({ label: 0, learn: false, steps: 8 });
    }
    for (let step = 0; step < 8; step++) {
      // Fewer than are joined, as many, more; some neurons several times, in any order.
      const spikes = Array.from({ length: [3, 32, 33, 64, 100, 0, 1, 150][step] ?? 0 }, () =>
        dice.whole(0, 149),
      );
      for (const core of [fast, reference]) {
        core.receive(image.input, spikes);
        core.step();
      }
      expect(fast.save(), `seed ${seed}, step ${step}`).toEqual(reference.save());
    }
    expect(fast.counters()).toEqual(reference.counters());
  }
});
