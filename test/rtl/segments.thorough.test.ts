import { describe, expect, test } from 'vitest';
import { randomState } from '../engine/random/state.ts';
import { load } from '../hardware/tiny.ts';
import { imageOf, roundCore } from '../support/core.ts';
import { needs } from '../support/needs.ts';
import { checkImage, type HardwareOptions, type HardwareOutcome } from './random.ts';

/** Four lanes, banks that write single bits, and words of 8 shadow weights. */
const core = roundCore.replaceAll('bitMask: false', 'bitMask: true').replace('fillCycles: 3, ', '');

/** Spikes add weights to open neurons; then rows of neurons that are on learn, and sum what they learn from. */
const tick = '{run: learn, over: p}, {run: decay, over: p}';
const learning = `kernel accumulate over row where post.open
  ld     r0, syn.weight
  ld     r1, post.v
  add.s  r1, r1, r0
  st     r1, post.v
end
kernel learn over synapses where pre.on and post.open
  ld     r0, pre.on
  ld     r1, post.v
  ld     r2, syn.x
  add.s  r2, r2, r1
  st     r2, syn.x
  sra    r1, r1, 4
  add.s  r1, r1, r0
  reduce r1, pre.sum
end
kernel decay over weights
  ld     r0, syn.x
  sub.s  r0, r0, 1
  st     r0, syn.x
end
kernel age over synapses
  ld     r0, pre.on
  ld     r1, syn.x
  ld     r2, post.v
  add.s  r1, r1, r0
  add.s  r1, r1, r2
  st     r1, syn.x
end
`;

/** Runs a program of two populations, with random contents, in Icarus Verilog beside the reference engine. */
function run(
  shapes: { readonly a: string; readonly n: string; readonly connect: string; readonly tick?: string },
  inputs: number,
  { hw = core, ...options }: HardwareOptions & { readonly hw?: string } = {},
): HardwareOutcome {
  const { a, n, connect, tick: runs = tick } = shapes;
  const program = `format: plasticore/program/1
name: cut
steps: 2
populations:
  a: {${a}, fields: {on: {bits: 2}, sum: {bits: 12}}}
  n: {${n}, fields: {v: {bits: 16}, open: {kind: flag}}}
input: a
projections: {p: {from: a, to: n, connect: ${connect}, initialWeights: {uniform: 0}, fields: {x: {bits: 5}}}}
microcode: {rule: rule.uc}
events:
  tick: [{deliver: a}, ${runs}]
  spike: {a: [{run: accumulate, over: p}]}
readout: n.v
`;
  const compiled = imageOf(program, learning, hw);
  const image = { ...compiled, contents: [...randomState(compiled, 7).banks] };
  const spikes = [[...Array(inputs).keys()], [0, inputs - 1]];
  const samples = [{ epoch: 0, label: 0, learn: true, spikes }];
  return checkImage(image, { hw: load(hw), samples }, options);
}

/** Four lanes: tiles begin in the middle of words, and of 16 bits of a word, an item of the index has 5 and more. */
const cuts = {
  'a convolution onto six channels': [
    { a: 'shape: [3, 3, 1]', n: 'shape: [2, 2, 6]', connect: '{convolution: {window: [2, 2]}}' },
    9,
  ],
  'blocks of six': [{ a: 'size: 5', n: 'size: 24', connect: '{sparse: {block: 6, fanOut: 12, seed: 3}}' }, 5],
  'targets that are listed': [
    {
      a: 'size: 4',
      n: 'size: 24',
      connect:
        '{sparse: {starts: {values: [0, 7, 7, 8, 12]}, targets: {values: [0, 1, 2, 9, 11, 20, 23, 5, 3, 7, 8, 22]}}}',
    },
    4,
  ],
  'targets that come again': [
    {
      a: 'size: 3',
      n: 'size: 24',
      connect:
        '{sparse: {starts: {values: [0, 6, 9, 14]}, targets: {values: [3, 3, 3, 9, 11, 11, 1, 2, 2, 0, 0, 8, 8, 9]}}}',
    },
    3,
  ],
  'a dense projection, by columns': [
    {
      a: 'size: 5',
      n: 'size: 10',
      connect: 'dense',
      tick: '{run: age, over: p, order: columns}, {run: age, over: p, order: columns, rows: 3, columns: 7}',
    },
    5,
  ],
} as const;

describe('rows in Icarus Verilog', needs('iverilog'), () => {
  test.each(Object.entries(cuts))(
    'of %s: every bit and cycle is that of the model',
    (_, [shapes, inputs]) => {
      expect(run(shapes, inputs)).toMatchObject({ is: 'equal' });
    },
  );

  test('over listed targets wait for the full FIFO, and go on where they were in the list', () => {
    const program = `format: plasticore/program/1
name: waiting
steps: 2
populations:
  a: {size: 4, fields: {}}
  n: {size: 24, fields: {v: {bits: 16}, hits: {kind: integer, bits: 8, signed: false}}}
input: a
projections: {p: {from: a, to: n, connect: ${cuts['targets that are listed'][0].connect}, initialWeights: {uniform: 0}}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: a}], spike: {a: [{run: push, over: p}], n: [{run: mark, over: n}]}}
readout: n.v
`;
    // It is served while it waits, so it may touch nothing.
    const rules = `kernel push over row
  ld    r0, pre.index
  ld    r1, post.index
  add.w r1, r1, r0
  emit  r1
end
kernel mark over neuron
  ld    r0, self.hits
  add.w r0, r0, 1
  st    r0, self.hits
end
`;
    const hw = core.replace('fifoDepth: 64', 'fifoDepth: 2');
    const compiled = imageOf(program, rules, hw);
    const image = { ...compiled, contents: [...randomState(compiled, 3).banks] };
    const samples = [{ epoch: 0, label: 0, learn: true, spikes: [[0, 1, 2, 3, 0], [3]] }];
    const run = (options: HardwareOptions) => checkImage(image, { hw: load(hw), samples }, options);
    const outcome = run({});
    expect(outcome).toMatchObject({ is: 'equal' });
    expect(outcome.is === 'equal' && outcome.suspensions).toBeGreaterThan(8);
    for (const lost of ['list_slot', 'list_ahead']) {
      const edit = (text: string) => text.replace(new RegExp(`${lost} <= list_\\w+_back;`), '');
      expect([lost, run({ edit }).is]).toEqual([lost, 'different']);
    }
  });

  test('over all rows wait for the full FIFO, and go on to the last row', () => {
    const program = `format: plasticore/program/1
name: waiting
steps: 2
populations:
  a: {size: 4, fields: {}}
  n: {size: 10, fields: {v: {bits: 16}, hits: {kind: integer, bits: 8, signed: false}}}
input: a
projections: {p: {from: a, to: n, connect: dense, initialWeights: {uniform: 0}}}
microcode: {rule: rule.uc}
events: {tick: [{run: push, over: p}], spike: {n: [{run: mark, over: n}]}}
readout: n.v
`;
    // The kernel that is served visits one neuron, and so has another last row.
    const rules = `kernel push over synapses
  ld    r0, pre.index
  ld    r1, post.index
  add.w r1, r1, r0
  emit  r1
end
kernel mark over neuron
  ld    r0, self.hits
  add.w r0, r0, 1
  st    r0, self.hits
end
`;
    const hw = core.replace('fifoDepth: 64', 'fifoDepth: 2');
    const samples = [{ epoch: 0, label: 0, learn: true, spikes: [[0], []] }];
    const outcome = checkImage(imageOf(program, rules, hw), { hw: load(hw), samples });
    expect(outcome).toMatchObject({ is: 'equal' });
    expect(outcome.is === 'equal' && outcome.suspensions).toBeGreaterThan(8);
  });

  const whole = core.replaceAll('bitMask: true', 'bitMask: false');

  test.each(Object.entries(cuts))('of %s, in banks that write whole words', (_, [shapes, inputs]) => {
    expect(run(shapes, inputs, { hw: whole })).toMatchObject({ is: 'equal' });
  });

  test('find a generator that writes back a word as it was loaded, not as the tile before has left it', () => {
    const [shapes, inputs] = cuts['blocks of six'];
    const edit = (text: string) => text.replace(/_before = last_\w+ & .* \? last_\w+ : /g, '_before = ');
    expect(run(shapes, inputs, { hw: whole, edit })).toMatchObject({ is: 'different' });
  });

  test.each([
    [
      'blocks of six',
      'weights of the second tile begin where those of a whole one would',
      (text: string) => text.replace(/(segment_next_place <= .*) - \d+'\(segment_from\);/, '$1;'),
    ],
    [
      'targets that are listed',
      'the first word of the index is read again',
      (text: string) =>
        text.replace(/list_next_word <= list_address \+ .*;/, 'list_next_word <= list_address;'),
    ],
    [
      'a dense projection, by columns',
      'each tile is that of the first row',
      (text: string) => text.replace(/(wire .* tap_line_0 =) .*;/, '$1 0;'),
    ],
  ] as const)('of %s find a generator where %s', (cut, _, edit) => {
    const [shapes, inputs] = cuts[cut];
    expect(run(shapes, inputs, { edit })).toMatchObject({ is: 'different' });
  });
});
