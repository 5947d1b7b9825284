import { expect, test } from 'vitest';
import {
  cutRowParts,
  microcodeOf,
  microcodeUnit,
  packRecord,
  segmentParts,
} from '../../src/microcode/index.ts';
import { edit } from '../hardware/tiny.ts';
import { costOf, imageOf, roundCore } from '../support/core.ts';

/** Three pixels in a line, and five channels that see two of them, in two places: rows of one, two and one segments. */
const program = `format: plasticore/program/1
name: line
populations:
  a: {shape: [1, 3, 1]}
  n: {shape: [1, 2, 5], fields: {v: {kind: integer, bits: 4}}}
input: a
projections: {p: {from: a, to: n, connect: {convolution: {window: [1, 2]}}, initialWeights: {uniform: 90}}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: a}], spike: {a: [{run: integrate, over: p}]}}
readout: n.v
`;
const rules = `kernel integrate over row
  ld    r0, syn.weight
  floor r0, r0
  ld    r1, post.v
  add.s r1, r1, r0
  st    r1, post.v
end
`;
const masked = roundCore
  .replaceAll('bitMask: false', 'bitMask: true')
  .replaceAll('wordBits: 16', 'wordBits: 32');
const hw = edit(masked, 'columnGate: skip-tile', 'columnGate: skip-tile\nmicrocode: {}');
const image = imageOf(program, rules, hw);

test('rows come first, then segments: columns, the row of their weights, and how far these lie from their columns', () => {
  const row = (segment: number, count: number) => packRecord(cutRowParts, { segment, count });
  const at = (from: number, weights: number) =>
    packRecord(segmentParts, { from, to: from + 4, weights, shift: from === 0 ? 0 : 2 ** 15 - from });
  // The left pixel of a window has the first row of weights.
  const [left, right] = [0, 1];
  expect(microcodeOf(image, { ...microcodeUnit, segments: 7 }).segments).toEqual([
    ...[row(3, 1), row(4, 2), row(6, 1)],
    at(0, left),
    ...[at(0, right), at(5, left)],
    at(5, right),
  ]);
});

test('records have a limit, which is named with need and offer', () => {
  expect(() => microcodeOf(image, microcodeUnit)).toThrow('microcode segments: 7 needed, 0 available');
});

test('a row takes three cycles before its first tile, a closed tile an interval', () => {
  // Column 8 has the fourth weight, column 9 the fifth: a tile takes two words of weights, so an interval of 2. They
  // are there after 1 + 3 cycles, the sum 3 later, stored a cycle after that: the last tile takes 8.
  expect(costOf(image, 'integrate(p)')).toMatchObject({
    intervalCycles: 2,
    runCycles: 0,
    passCycles: 3 + 8 - 2,
    closed: { rowCycles: 3, tileCycles: 2 },
  });
});
