import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/index.ts';
import { createCore, engineNames, type Processor } from '../../../src/engine/index.ts';
import { imageOfCore, readImage, writeImage } from '../../../src/image/index.ts';
import { createMachine } from '../../../src/machine/index.ts';
import { failure } from '../../hardware/tiny.ts';
import { roundMesh } from '../../machine/round-mesh.ts';
import {
  counts,
  countsOf,
  imageOf,
  loaderOn,
  programOf,
  roundFloatCore,
  spikeTrain,
  valuesOf,
} from '../../support/core.ts';

/*
 * Two inputs that enter with delays of 0, 1 and 3 steps: neurons 0 and 1 at once, 2 and 3 a step later, 4 and 5 three.
 * Each neuron adds a number of its own to `out`, and counts what it has received.
 */
const program = (delays: string, payload = ''): string => `format: plasticore/program/1
name: entries
steps: 6
input: in
populations:
  in: {size: 2, delays: ${delays}${payload}, fields: {heard: {bits: 8}}}
  out: {size: 1, fields: {v: {bits: 16}}}
projections:
  p: {from: in, to: out, fields: {unit: {bits: 16, initial: {values: [1, 3, 20, 60, 400, 1200]}}}}
microcode: {rule: rule.uc}
events:
  tick: [{clear: [out.v]}, {deliver: in}]
  spike: {in: [{run: integrate, over: p}, {run: hear, over: in}]}
readout: out.v
`;

const rules = (value: string): string => `
kernel integrate over row
  ld    r0, post.v
  ld    r1, syn.unit
  ld    r2, ${value}
  mul   r1, r1, r2
  add   r0, r0, r1
  st    r0, post.v
end
kernel hear over neuron
  ld    r0, self.heard
  add   r0, r0, 1
  st    r0, self.heard
end
`;

const plain = rules('syn.unit').replace('  ld    r2, syn.unit\n  mul   r1, r1, r2\n', '');
const none: number[] = [];
const image = imageOf(program('[0, 1, 3]'), plain);
const spread = compile(
  programOf(program('[0, 1, 3]'), { 'rule.uc': plain }),
  roundMesh(),
  { precision: 'mp16-8', seed: 1 },
  {
    slices: {
      in: [0, 1].map((core) => ({ first: 3 * core, size: 3, core })),
      out: [{ first: 0, size: 1, core: 2 }],
    },
  },
);
const valued = imageOf(program('[0, 1, 3]', ', payload: {bits: 4, signed: false}'), rules('ev.value'));

describe.each(engineNames)('on the %s engine, an input with delays', (engineName) => {
  const engineWith = loaderOn(engineName);

  function follow(core: Processor, spikes: readonly (readonly number[])[]): number[] {
    core.begin({ label: 0, learn: false, steps: spikes.length, spikes: spikeTrain(...spikes) });
    return spikes.map(() => {
      core.step();
      return valuesOf(core, 'out.v')[0] ?? Number.NaN;
    });
  }

  it.each([
    ['one core', () => engineWith(image), { pushes: 12, received: undefined }],
    // `in` is on two cores, `out` on a third. Each spike reaches all three, since one of its neurons is on the second;
    // each of its neurons acts on two.
    ['three cores', () => createMachine(spread, { engine: engineName }), { pushes: 24, received: 12 }],
  ])('on %s, enters once for each of them, through a neuron of its own', (_, start, expected) => {
    const core = start();
    expect(follow(core, [[0], [1], [0, 1], none, none, none])).toEqual([
      1,
      3 + 20,
      1 + 3 + 60,
      20 + 60 + 400,
      1200,
      400 + 1200,
    ]);
    expect(valuesOf(core, 'in.heard')).toEqual([2, 2, 2, 2, 2, 2]);
    // Each of the four spikes goes through a FIFO three times, and is counted once.
    const { pushes, pops, spikes, network } = core.counters();
    expect({ pushes, pops, spikes }).toEqual({ pushes: expected.pushes, pops: pushes, spikes: [4, 0] });
    expect(network?.receive).toBe(expected.received);
  });

  it('forgets at the start of a sample what still waits', () => {
    const core = engineWith(image);
    follow(core, [[0, 1], none]);
    expect(follow(core, [none, none, none, none, none])).toEqual([0, 0, 0, 0, 0]);
  });

  it('carries its values along, the last one if an input comes twice in a step', () => {
    const shift = 3;
    const spike = (input: number, value: number): number => input | (value << shift);
    const core = engineWith(valued);
    const spikes = [[spike(0, 15), spike(1, 2)], [spike(0, 7), spike(0, 9)], none, none, none, none];
    const train = spikeTrain(...spikes);
    core.begin({
      label: 0,
      learn: false,
      steps: 6,
      spikes: { ...train, indices: Uint32Array.from(spikes.flat()) },
    });
    const seen = spikes.map(() => {
      core.step();
      return valuesOf(core, 'out.v')[0];
    });
    expect(seen).toEqual([15 + 2 * 3, 7 + 9 + 15 * 20 + 2 * 60, 9 * 20, 15 * 400 + 2 * 1200, 9 * 400, 0]);
  });

  it('costs its ring: a row written in each step, and one read for each delay beyond 0', () => {
    // Two items of 1 bit, or of 5, take one word of 16 bits in the state bank. Two words read, one written, one a
    // cycle.
    for (const of of [image, valued]) {
      const core = engineWith(of);
      follow(core, [none, none]);
      expect(countsOf(core, 'keep spikes of in')).toEqual(
        counts({ runs: 2, tiles: 6, reads: [0, 0, 4], writes: [0, 0, 2] }),
      );
    }
  });

  it('receives spikes of the inputs alone, not of the neurons that they enter later', () => {
    for (const spike of [2, 5, 6])
      expect(failure(() => follow(engineWith(image), [[spike]])).message).toBe(
        `in: expected neurons 0 to 1, found ${spike}`,
      );
    const core = engineWith(image);
    core.begin({ label: 0, learn: false, steps: 1 });
    expect(failure(() => core.receive(0, [2])).message).toBe('in: expected neurons 0 to 1, found 2');
  });

  it('goes on from a checkpoint that the other engine took', () => {
    const core = engineWith(valued);
    core.begin({ label: 0, learn: false, steps: 5, spikes: spikeTrain([9], [16], none, none, none) });
    core.step();
    core.step();
    const checkpoint = core.checkpoint();
    core.finish();
    for (const other of engineNames) {
      const resumed = createCore(valued, { engine: other });
      resumed.resume(checkpoint);
      resumed.finish();
      expect(resumed.counters()).toEqual(core.counters());
      expect(valuesOf(resumed, 'in.heard')).toEqual(valuesOf(core, 'in.heard'));
    }
  });

  it('enters once, without a ring, with the delay 0 alone', () => {
    const once = imageOf(program('[0]').replace('1, 3, 20, 60, 400, 1200', '1, 3'), plain);
    expect(once.events.delayed).toEqual([]);
    expect(once.populations[0]).toEqual({ name: 'in', size: 2 });
    expect(follow(engineWith(once), [[0], [1], none])).toEqual([1, 3, 0]);
  });
});

describe('an image of an input with delays', () => {
  it('has a ring as long as the longest delay, in rows of the inputs', () => {
    const field = (of: typeof image) => of.fields.find(({ name }) => name === 'in.delayed');
    expect(field(image)).toMatchObject({ kind: 'flag', bits: 1, count: 3 * 2 });
    expect(field(valued)).toMatchObject({ kind: 'integer', bits: 5, count: 3 * 2 });
    expect(image.populations[0]).toEqual({ name: 'in', size: 6, inputs: 2 });
  });

  it('is read back from its file', () => {
    for (const of of [image, valued])
      expect(readImage(writeImage(imageOfCore(of)), 'entries.pcore')).toEqual(imageOfCore(of));
  });

  it('is refused where its neurons are not those of its delays', () => {
    const [input, out] = image.populations;
    const changed = [
      { ...image, populations: [{ ...input, inputs: 4 }, out] },
      { ...image, populations: [input, { ...out, inputs: 1 }] },
      {
        ...image,
        events: {
          ...image.events,
          delayed: image.events.delayed.map((ring) => ({
            ...ring,
            lists: ring.lists.map((list) => ({ ...list, shift: 5 })),
          })),
        },
      },
    ];
    for (const of of changed)
      expect(
        failure(() => readImage(writeImage(imageOfCore(of as typeof image)), 'entries.pcore')).code,
      ).toBe('image');
  });

  it('holds floats on a float32 core, whose spikes carry whole numbers', () => {
    const float = imageOf(
      program('[0, 1, 3]', ', payload: {bits: 4, signed: false}'),
      rules('ev.value'),
      roundFloatCore,
    );
    for (const engine of engineNames) {
      const core = createCore(float, { engine });
      const spikes = [[(15 << 3) | 1, 0 | (3 << 3)], none];
      core.begin({
        label: 0,
        learn: false,
        steps: 2,
        spikes: { ...spikeTrain(...spikes), indices: Uint32Array.from(spikes.flat()) },
      });
      core.step();
      expect(valuesOf(core, 'out.v')).toEqual([15 * 3 + 3]);
      core.step();
      expect(valuesOf(core, 'out.v')).toEqual([15 * 60 + 3 * 20]);
    }
  });
});
