import { describe, expect, test } from 'vitest';
import { microcodeOf, microcodeUnit } from '../../src/microcode/index.ts';
import { imageOf, roundCore } from '../support/core.ts';

// What a hard-wired core does and a programmable one does not: refused by name, not done otherwise in silence.

/** Banks with words of 32 bits and much room, as a programmable core has them. */
const core = roundCore
  .replaceAll('wordBits: 16', 'wordBits: 32')
  .replaceAll('bitMask: false', 'bitMask: true')
  .replaceAll(/capacityBits: \d+/g, 'capacityBits: 8388608');
const aligned = core.replace('lanes: 4', 'lanes: 4\nalign: lanes');

interface Parts {
  readonly fields?: string;
  readonly size?: number;
  readonly populations?: string;
  readonly projections?: string;
  readonly tick?: string;
  readonly events?: string;
}

/** The microcode of a program whose kernel `k` runs over a population, or what refuses it. */
function loaded(rules: string, parts: Parts = {}, text = core, unit = microcodeUnit) {
  const {
    fields = 'v: {kind: integer, bits: 8}, w: {kind: integer, bits: 8}',
    size = 4,
    populations = '',
    projections = '',
    tick = '[{run: k, over: n}]',
    events = '',
  } = parts;
  const program = `format: plasticore/program/1
name: refused
populations: {n: {size: ${size}, fields: {${fields}}}${populations}}
input: n
projections: {${projections}}
microcode: {rule: rule.uc}
events: {tick: ${tick}${events}}
readout: n.v
`;
  return microcodeOf(imageOf(program, rules, text), unit);
}

const kernel = (lines: string, domain = 'neurons'): string => `kernel k over ${domain}\n${lines}\nend\n`;
const plain = kernel('ld r0, self.v\nst r0, self.w');
const dense = 'p: {from: n, to: m, initialWeights: {uniform: 9}}';
const other = ', m: {size: 4, fields: {x: {kind: integer, bits: 8}}}';

test('the program that all others differ from is loaded', () => {
  expect(loaded(plain).kernels).toHaveLength(1);
});

test.each([
  ['popcount r1, r0', "kernel k, line 2, 'popcount': is no operation of a lane"],
  ['clz r1, r0', "kernel k, line 2, 'clz': is no operation of a lane"],
  ['srav r1, r0, r0', "kernel k, line 2, 'srav': is no operation of a lane"],
])('%s', (line, said) => {
  expect(() => loaded(kernel(`ld r0, self.v\n${line}\nst r1, self.w`))).toThrow(said);
});

describe('sizes', () => {
  test('a gate whose tiles are two words each', () => {
    const gated = 'kernel k over neurons where self.v\nld r0, self.v\nst r0, self.w\nend\n';
    const fields = 'v: {kind: integer, bits: 12}, w: {kind: integer, bits: 12}';
    expect(() => loaded(gated, { fields }, aligned)).toThrow(
      'kernel k: tiles of its gate n.v are two words each',
    );
  });

  test.each([
    [1024, undefined],
    [1025, 'kernel k: has 257 tiles; at most 256 fit'],
  ])('%i neurons on four lanes', (size, said) => {
    const load = () => loaded(plain, { size });
    if (said === undefined) expect(load).not.toThrow();
    else expect(load).toThrow(said);
  });

  test.each([
    [8191, undefined],
    [8192, 'kernel k: has 8192 rows; at most 8191 fit'],
  ])('%i inputs, each of which may spike in a step', (size, said) => {
    const rules = kernel('ld r0, post.x\nadd.s r0, r0, 1\nst r0, post.x', 'row');
    const parts = { size, populations: other, projections: dense, tick: '[{deliver: n}]' };
    const load = () => loaded(rules, { ...parts, events: ', spike: {n: [{run: k, over: p}]}' });
    if (said === undefined) expect(load).not.toThrow();
    else expect(load).toThrow(said);
  });

  test('words of a bank that no address names', () => {
    // 8 191 rows of 9 words of 8 items of 4 bits are 73 719 words.
    const rules = kernel('ld r0, syn.weight\nfloor r0, r0\nst r0, post.x', 'row');
    const parts = { size: 8191, projections: dense, tick: '[{deliver: n}]' };
    const populations = ', m: {size: 36, fields: {x: {kind: integer, bits: 8}}}';
    expect(() =>
      loaded(rules, { ...parts, populations, events: ', spike: {n: [{run: k, over: p}]}' }),
    ).toThrow(/bank 'weight': \d+ words needed; a programmable core addresses 65536/);
  });

  test.each([
    ['payload: {kind: integer, bits: 8, signed: true}', undefined],
    [
      'payload: {kind: integer, bits: 10, signed: true}',
      'the program has spikes of n with values of more than 9 bits, sign included',
    ],
  ])('%s', (payload, said) => {
    const text = `format: plasticore/program/1
name: refused
populations: {n: {size: 4, ${payload}, fields: {v: {kind: integer, bits: 8}}}}
input: n
projections: {}
microcode: {rule: rule.uc}
events: {tick: [{run: k, over: n}]}
readout: n.v
`;
    const load = () =>
      microcodeOf(imageOf(text, kernel('ld r0, self.v\nst r0, self.v'), core), microcodeUnit);
    if (said === undefined) expect(load).not.toThrow();
    else expect(load).toThrow(said);
  });
});

describe('kernels', () => {
  test('over neurons, beside a population that no kernel goes over row by row', () => {
    const populations = ', m: {size: 4, fields: {x: {kind: integer, bits: 8}}}';
    const rules = kernel('ld r0, self.x\nadd.s r0, r0, 1\nst r0, self.x');
    expect(() => loaded(rules, { size: 9000, populations, tick: '[{run: k, over: m}]' })).not.toThrow();
  });

  test('that join their rows on several lines', () => {
    const rules = kernel('ld r0, post.x\nreduce r0, pre.v\nreduce r0, pre.w', 'synapses');
    const parts = { populations: other, projections: dense, tick: '[{run: k, over: p}]' };
    expect(() => loaded(rules, parts)).toThrow('kernel k: joins its rows on several lines');
  });

  test('whose closed tiles are visited', () => {
    expect(() => loaded(plain, {}, core.replace('columnGate: skip-tile', 'columnGate: clock'))).toThrow(
      'kernel k: closed tiles are visited, not skipped',
    );
  });
});
