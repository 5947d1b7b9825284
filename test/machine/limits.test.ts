import { describe, expect, it } from 'vitest';
import { axonsOf, compile, spikeHops } from '../../src/compiler/index.ts';
import { Mesh } from '../../src/hardware/index.ts';
import type { Image } from '../../src/image/index.ts';
import { createMachine } from '../../src/machine/index.ts';
import { load } from '../hardware/tiny.ts';
import { programOf, valuesOf } from '../support/core.ts';
import { failureOf } from '../support/errors.ts';
import { rowInPhases } from './round-mesh.ts';

/** 4 inputs excite 8 neurons, which excite 16. */
const chain = (placement: string) => `format: plasticore/program/1
name: chain
steps: 4
input: in
populations:
  in: {size: 4, fields: {}}
  a: {size: 8, fields: {v: {bits: 16}}}
  b: {size: 16, fields: {v: {bits: 16}}}
projections:
  inToA: {from: in, to: a, initialWeights: {uniform: 0}}
  aToB: {from: a, to: b, initialWeights: {uniform: 0}}
microcode: {rule: rule.uc}
events:
  tick: [{deliver: in}, {run: fire, over: a}, {deliver: a}]
  spike:
    in: [{run: integrate, over: inToA}]
    a: [{run: integrate, over: aToB}]
readout: b.v
placement: ${placement}
`;
const rule = `kernel integrate over row
  ld r0, post.v
  ld r1, syn.weight
  add.s r0, r0, r1
  st r0, post.v
end
kernel fire over neurons
  ld r0, self.v
  cmp.ge r1, r0, 10
  emit r1
end
`;

function compiled(columns: number, limits: string, placement = '{slices: {}}'): Image {
  const program = programOf(chain(placement), { 'rule.uc': rule });
  return compile(program, load(rowInPhases(columns, limits)), { precision: 'mp16-8', seed: 1 });
}

const refusal = (...args: Parameters<typeof compiled>) => failureOf(() => compiled(...args));

const sizes = ({ placement }: Image, name: string) => placement[name]?.map(({ size }) => size);

describe('a program is on as few cores as hold it', () => {
  it('by their neurons: 24 of them take 3 cores of 8', () => {
    const system = compiled(8, 'neurons: 8');
    expect(system.cores).toHaveLength(3);
    expect([sizes(system, 'a'), sizes(system, 'b')]).toEqual([[8], [8, 8]]);
  });

  it('by their axons: 8 neurons that reach 2 cores take 16, on 2 cores of 8', () => {
    const system = compiled(8, 'neurons: 8, axonsOut: 8');
    expect([sizes(system, 'a'), sizes(system, 'b')]).toEqual([
      [4, 4],
      [8, 8],
    ]);
    expect(system.cores).toHaveLength(4);
  });

  it('and a small population is not scattered over a large chip', () => {
    const system = compiled(64, 'neurons: 1024', '{cores: 64}');
    // Slices are whole tiles of 4 neurons, and 64 cores are more than there are tiles.
    expect([sizes(system, 'a'), sizes(system, 'b')]).toEqual([
      [4, 4],
      [4, 4, 4, 4],
    ]);
    expect(compiled(64, 'neurons: 1024').cores).toHaveLength(1);
  });
});

describe('cores that are too small are refused', () => {
  it('with every limit that is missed, by how much, on which core', () => {
    const placement = '{slices: {in: {0-3: 0}, a: {0-7: 0}, b: {0-7: 0, 8-15: 1}}}';
    const limits = 'neurons: 4, axonsIn: 3, axonsOut: 10, synapseBits: 500';
    // Core 0: 8 + 8 neurons; axons in from 4 inputs and 8 neurons, out 8 to each of 2 cores; 4 x 8 + 8 x 8 synapses of
    // 8 bits. Core 1: 8 neurons, 8 axons in, 8 x 8 synapses.
    expect(refusal(2, limits, placement)).toMatchObject({
      code: 'fit',
      message:
        "program 'chain' at mp16-8 does not fit the cores of hw-model 'round': " +
        'core 0: 16 neurons needed, 4 available, 12 too many; ' +
        'core 0: 12 axons in needed, 3 available, 9 too many; ' +
        'core 0: 16 axons out needed, 10 available, 6 too many; ' +
        'core 0: 768 bits of synapses needed, 500 available, 268 too many; ' +
        'core 1: 8 neurons needed, 4 available, 4 too many; ' +
        'core 1: 8 axons in needed, 3 available, 5 too many; ' +
        'core 1: 512 bits of synapses needed, 500 available, 12 too many',
      // No core has room for the 4 axons of the inputs.
      hint: '16 such cores do not hold it: make the populations smaller or the cores larger',
    });
  });

  it('with the worst three of many, without cutting the program up', () => {
    // 16 neurons of `b` on as many cores, each with 8 axons in; `a` on 8 of them, whose one neuron reaches all 16. The
    // inputs reach 8 cores, 4 axons more there. So 16 + 8 limits are missed; axons in of cores 0 to 7 by 12 of 2, of
    // the others by 8 of 2, and axons out by 16 of 3.
    const each = (count: number) =>
      Array.from({ length: count }, (_, neuron) => `${neuron}: ${neuron}`).join(', ');
    const placement = `{slices: {in: {0-3: 0}, a: {${each(8)}}, b: {${each(16)}}}}`;
    expect(refusal(16, 'axonsIn: 2, axonsOut: 3', placement).message).toBe(
      "program 'chain' at mp16-8 does not fit the cores of hw-model 'round': 24 limits of 16 cores are missed: " +
        'cores 0-7: 12 axons in needed, 2 available, 10 too many; ' +
        'cores 0-7: 16 axons out needed, 3 available, 13 too many; ' +
        'cores 8-15: 8 axons in needed, 2 available, 6 too many',
    );
    // Cores 0 to 7 have two neurons, one too many: the least of four ways to be too small.
    const { message } = refusal(16, 'neurons: 1, axonsIn: 2, axonsOut: 3', placement);
    expect(message).toContain(
      ': 32 limits of 16 cores are missed, these by most: cores 0-7: 12 axons in needed',
    );
    expect(message).not.toContain('neurons needed');
  });

  it('with the number of cores that would do', () => {
    const onOne = '{slices: {in: {0-3: 0}, a: {0-7: 0}, b: {0-15: 0}}}';
    expect(refusal(4, 'neurons: 8', onOne)).toMatchObject({
      message: expect.stringContaining('core 0: 24 neurons needed, 8 available, 16 too many'),
      hint: 'on 3 of its cores it fits: state no placement, or {cores: 3}',
      file: 'net.yaml',
    });
    expect(refusal(2, 'neurons: 8').hint).toBe('3 such cores hold it: enlarge chip.mesh');
  });

  it('with the precisions that would do', () => {
    // 32 + 128 synapses of 8 bits are 1280. Of four tiles of b, with 256 bits each, a core holds two; a takes 256, too.
    expect(refusal(1, 'synapseBits: 700').hint).toBe(
      '3 such cores hold it: enlarge chip.mesh; at mp8-4, mp16-4 it fits',
    );
  });
});

it('a step in which every neuron fires carries the packets and hops that were expected', () => {
  // 8 neurons of core 0, each to cores 1 and 3 of a line: 16 packets, 8 x (1 + 3) hops; b sends nothing.
  const placement = '{slices: {in: {0-3: 0}, a: {0-7: 0}, b: {0-7: 1, 8-15: 3}}}';
  const program = programOf(chain(placement), { 'rule.uc': rule.replace('r0, 10', 'r0, -32768') });
  const system = compile(program, load(rowInPhases(4, 'neurons: 16')), { precision: 'mp16-8', seed: 1 });
  const mesh = new Mesh({ columns: 4, rows: 1, coresPerTile: 1, numbering: 'by-row' });
  const expected = spikeHops(axonsOf(system, system.placement), (a, b) => mesh.hops(a, b));
  expect(expected).toEqual({ packets: 16, hops: 32 });
  const cores = createMachine(system);
  cores.begin({ label: 0, learn: false, steps: 1 });
  cores.step();
  expect(cores.counters().network).toMatchObject({ send: 16, values: 0, hopX: 32, hopY: 0 });
});

it('a spike takes a packet to the cores where its neuron has a synapse, and to no other', () => {
  // 4 x 4 neurons are pooled to 2 x 2: the upper 8 have their synapses on core 1, the lower 8 on core 2, each one.
  const pooled = chain('{slices: {in: {0-3: 0}, a: {0-15: 0}, b: {0-1: 1, 2-3: 2}}}')
    .replace('a: {size: 8,', 'a: {shape: [4, 4, 1],')
    .replace('b: {size: 16,', 'b: {shape: [2, 2, 1],')
    .replace('to: b, initialWeights: {uniform: 0}', 'to: b, connect: {pooling: {window: 2, stride: 2}}')
    .replace('run: integrate, over: aToB', 'run: count, over: aToB');
  const count = `kernel count over row
  ld r0, post.v
  add.s r0, r0, 1
  st r0, post.v
end
`;
  const program = programOf(pooled, { 'rule.uc': rule.replace('r0, 10', 'r0, -32768') + count });
  const hw = load(rowInPhases(4, 'neurons: 16'));
  const cores = createMachine(compile(program, hw, { precision: 'mp16-8', seed: 1 }));
  cores.begin({ label: 0, learn: false, steps: 1 });
  cores.step();
  const { network } = cores.counters();
  expect(network).toMatchObject({ send: 16, hopX: 8 + 8 * 2 });
  expect(network?.received.slice(0, 3)).toEqual([0, 8, 8]);
  expect(valuesOf(cores, 'b.v')).toEqual([4, 4, 4, 4]);
});

// Eight columns of -2^28 sum to -2^31, which stands for a row that was not visited.
it('a sum over several cores has to fit the 32 bits of a packet', () => {
  const program = (shift: string) =>
    programOf(
      `format: plasticore/program/1
name: sums
steps: 4
input: in
populations:
  in: {size: 4, fields: {s: {bits: 16}}}
  a: {size: 8, fields: {v: {bits: 16}}}
projections: {inToA: {from: in, to: a, initialWeights: {uniform: 0}}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}], spike: {in: [{run: sum, over: inToA}]}}
readout: a.v
placement: {slices: {a: {0-3: 0, 4-7: 1}}}
`,
      { 'rule.uc': `kernel sum over row\n  ld r0, post.v\n${shift}  reduce r0, pre.s\nend\n` },
    );
  const compileSums = (shift: string) =>
    compile(program(shift), load(rowInPhases(2, 'neurons: 8').replaceAll('wordBits: 16', 'wordBits: 32')), {
      precision: 'mp16-8',
      seed: 1,
    });
  expect(compileSums('').cores).toHaveLength(2);
  expect(() => compileSums('  shl r0, r0, 13\n')).toThrow('may sum to more than the 32 bits');
});
