import { describe, expect, test } from 'vitest';
import {
  accessParts,
  conditionParts,
  entryParts,
  microcodeOf,
  microcodeUnit,
  type RecordParts,
  scheduleMicrocode,
} from '../../src/microcode/index.ts';
import { at } from '../../src/text/index.ts';
import { edit } from '../hardware/tiny.ts';
import { imageOf, roundCore } from '../support/core.ts';

/** Spikes that wait, come once more, and carry values, on four lanes with words of 16 bits. */
const program = `format: plasticore/program/1
name: late
steps: 4
populations:
  a: {size: 4, delays: [0, 1, 3], fields: {u: {kind: integer, bits: 4}}}
  n: {size: 9, payload: {kind: integer, bits: 3, signed: false}, fields: {v: {kind: integer, bits: 4}}}
input: a
projections: {}
microcode: {rule: rule.uc}
events:
  tick: [{deliver: a}, {deliver: n, spikes: previous}, {run: fire, over: n}]
  spike: {a: [{run: count, over: a}]}
  previousSpike: {n: [{run: take, over: n}]}
readout: n.v
`;

const rules = `kernel count over neuron
  ld    r0, self.u
  add.s r0, r0, 1
  st    r0, self.u
end
kernel fire over neurons
  ld    r0, self.v
  emit  r0, r0
end
kernel take over neuron
  ld    r0, ev.value
  st    r0, self.v
end
`;

const masked = roundCore.replaceAll('bitMask: false', 'bitMask: true');
const hw = edit(masked, 'columnGate: skip-tile', 'columnGate: skip-tile\nmicrocode: {}');
const image = imageOf(program, rules, hw);

/** The parts of a record by their names. */
function partsOf(parts: RecordParts, record: bigint): Readonly<Record<string, number>> {
  let shift = 0n;
  const values = parts.map(([name, bits]) => {
    const value = Number((record >> shift) & ((1n << BigInt(bits)) - 1n));
    shift += BigInt(bits);
    return [name, value] as const;
  });
  return Object.fromEntries(values);
}

describe('spikes of an input with delays of 1 and 3 steps', () => {
  const { entries, conditions, kernels } = microcodeOf(image, microcodeUnit);
  const played = entries.map((entry) => partsOf(entryParts, entry));

  test('are kept as they come, then stored in a ring, whose rows of the next step are read', () => {
    const kept = (values: object): object => expect.objectContaining(values);
    // Four neurons are a tile, a row of the ring has four; those of the input come first.
    expect(played.slice(1, 8)).toEqual([
      kept({ kind: 2, emits: 1, receives: 1, source: 0, tile: 0 }),
      kept({ kind: 2, kept: 1, source: 1, tile: 1, shift: 4, behind: 1 }),
      kept({ kind: 2, kept: 1, source: 2, tile: 5, shift: 8, behind: 1 }),
      ...[0, 1, 2].map((pass) => kept({ kind: 0, counts: 1, index: 3 + pass })),
      kept({ kind: 2, kept: 1, source: 3, tile: 9, shift: 0, behind: 0 }),
    ]);
    expect(kernels).toHaveLength(3 + 3);
  });

  test('are in rows that conditions count, three in all', () => {
    const counted = conditions.map((condition) => partsOf(conditionParts, condition));
    // Before the first step: the row that is written, and read for one step, is the last one; that of three, the first.
    const phases = played.slice(4, 7).map(({ counter = -1 }) => counted[counter]);
    expect(phases).toMatchObject([2, 2, 0].map((phase) => ({ never: 1, every: 3, phase })));
    // Of what is due in the first steps, nothing is of this sample.
    const due = played.slice(2, 4).map(({ conditions: set = 0 }) => counted[Math.log2(set)]);
    expect(due).toMatchObject([{ from: 1 }, { from: 3 }]);
  });

  test('take the cycles of a run for the ring, one for each delay, and one for each tile of a word', () => {
    const pass = image.work.findIndex((name) => name.startsWith('keep'));
    // 3 + 1 - 1 for what is stored, 3 + 3 + 3 - 1 for each of two rows that are read; 16 flags are four tiles.
    expect(image.costs.work[pass]).toMatchObject({ runCycles: 3 + 2 * 8, intervalCycles: 4 });
  });
});

test('tiles of spikes that are kept have a limit, which is named with need and offer', () => {
  // One of the input, four of each row that is due, three of nine neurons.
  expect(() => microcodeOf(image, { ...microcodeUnit, kept: 8 })).toThrow(
    'microcode kept: 12 needed, 8 available',
  );
});

test('a value that waits keeps its sign: the items of its ring are read as numbers with one', () => {
  const payload = edit(
    program,
    'delays: [0, 1, 3],',
    'delays: [0, 1, 3], payload: {kind: integer, bits: 3, signed: true},',
  );
  const { accesses } = microcodeOf(imageOf(payload, rules, hw), microcodeUnit);
  // A flag and three bits above it.
  const ring = accesses.map((access) => partsOf(accessParts, access)).filter(({ last }) => last === 3);
  expect(ring).toContainEqual(expect.objectContaining({ synapse: 1, signed: 1 }));
});

test('values of more than eight bits, or nine with a sign, are refused', () => {
  const wide = imageOf(edit(program, 'bits: 3, signed: false', 'bits: 9, signed: false'), rules, hw);
  expect(() => microcodeOf(wide, microcodeUnit)).toThrow('spikes of n with values of more than 9 bits');
});

test('a spike carries a value that saturates to the payload, from the lanes whose flag is set', () => {
  const fire = at(
    image.kernels,
    image.work.findIndex((name) => name.startsWith('fire')),
  );
  // The item is kept for two readers, in 3 + 1 cycles; as a predicate it is read a cycle later.
  expect(scheduleMicrocode(fire, image, microcodeUnit).operations).toMatchObject([
    { does: 'select', cycle: 5, fit: { to: 'unsigned', bits: 3 }, emits: true, sends: true },
  ]);
});
