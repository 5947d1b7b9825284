import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CoreImage } from '../../src/image/index.ts';
import { microcodeUnitOf } from '../../src/microcode/index.ts';
import { at } from '../../src/text/index.ts';
import { lowBits, specifications } from '../isa/specification.ts';
import { imageOf } from '../support/core.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { buildBench, compareOn, modelOf } from './bench.ts';

/*
 * Operations of lanes, multiplier included, for all pairs of numbers of 8 bits: from microcode, through its words, to
 * what is in the bank. A sample has 16 of the second numbers, and each neuron a pair.
 */

/** A line of microcode, without its result, and the operands that its specification takes, `a` and `b` among them. */
interface Line {
  readonly mnemonic: string;
  readonly operands: readonly (string | number)[];
}

const line = (mnemonic: string, ...operands: Line['operands']): Line => ({ mnemonic, operands });
const amounts = [-15, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 31];
const pairs = ['add', 'sub', 'mul', 'min', 'max', 'and', 'or', 'xor'];
const tests = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'ltu', 'geu'];
const roundings = ['', '.rn', '.ru', '.rz', '.sr'];
const programs: Readonly<Record<string, readonly Line[]>> = {
  'pairs of numbers': pairs.map((name) => line(name, 'a', 'b')),
  'comparisons and selections': [
    ...tests.map((name) => line(`cmp.${name}`, 'a', 'b')),
    ...['neg', 'abs'].map((name) => line(name, 'a')),
    ...[1, 24].map((amount) => line('shl', 'a', amount)),
    ...[0, 1, 5, 31].map((amount) => line('shr', 'a', amount)),
    ...['a', 'b'].map((flag) => line('sel', flag, 'b', 'a')),
  ],
  ...Object.fromEntries(
    roundings.map((suffix) => [
      `mulsra${suffix}`,
      amounts.map((amount) => line(`mulsra${suffix}`, 'a', 'b', amount)),
    ]),
  ),
};
/** Of one operand, whose numbers all are in one sample. */
const shifts = roundings.flatMap((suffix) =>
  [-15, 0, 1, 4, 7, 8, 31].map((amount) => line(`sra${suffix}`, 'a', amount)),
);

/** Fields of 8 bits: what a number becomes in each. */
const fitted: Readonly<Record<string, (exact: bigint) => bigint>> = {
  'signed: true, overflow: saturate': (exact) => between(exact, -128n, 127n),
  'signed: true, overflow: saturate-symmetric': (exact) => between(exact, -127n, 127n),
  'signed: false, overflow: saturate': (exact) => between(exact, 0n, 255n),
  'signed: true, overflow: wrap': (exact) => lowBits(exact, 8),
};

function between(exact: bigint, low: bigint, high: bigint): bigint {
  if (exact < low) return low;
  return exact > high ? high : exact;
}

/** Lines that compute into r3. Flags are no numbers: a selection makes one of them, or one is made of a number. */
function computed(mnemonic: string, operands: readonly (string | number)[]): string {
  if (mnemonic === 'sel') return `cmp.ne r4, ${operands[0]}, 0\nsel r3, r4, ${operands.slice(1).join(', ')}`;
  const text = `${mnemonic} r3, ${operands.join(', ')}`;
  return mnemonic.startsWith('cmp') ? `${text}\nsel r3, r3, 1, 0` : text;
}

const neurons = 4096;

/** Kernels that compute lines for the pairs of a sample, each into a field of its own. */
function programOf(lines: readonly Line[], fields: readonly string[]) {
  const names = lines.map((_, index) => `o${index}`);
  const program = `format: plasticore/program/1
name: pairs
steps: 1
populations:
  a: {size: 1, fields: {u: {kind: integer, bits: 8, signed: true, overflow: saturate}}}
  n: {size: ${neurons}, fields: {${names.map((name, index) => `${name}: {kind: integer, ${fields[index]}}`).join(', ')}}}
input: a
microcode: {rule: rule.uc}
events:
  sample: []
  tick: [${names.map((name) => `{run: ${name}, over: n}`).join(', ')}]
readout: n.o0
`;
  const rules = lines.map(({ mnemonic, operands }, index) => {
    const named = operands.map((operand) => (operand === 'a' ? 'r1' : operand === 'b' ? 'r2' : operand));
    return `kernel o${index} over neurons
ld r0, self.index
ld r2, host.label
and r1, r0, 255
sub r1, r1, 128
shr r0, r0, 8
and r2, r2, 15
shl r2, r2, 4
add r2, r2, r0
sub r2, r2, 128
${computed(mnemonic, named)}
st r3, self.o${index}
end
`;
  });
  return { program, rules: rules.join('') };
}

/** The words of banks after each sample. */
function wordsOf(text: string): ReadonlyMap<string, bigint>[] {
  return text
    .split('sample')
    .slice(1)
    .map(
      (sample) =>
        new Map(
          [...sample.matchAll(/word (\d+ \d+) ([0-9a-f]+)/g)].map(([, place = '', word]) => [
            place,
            BigInt(`0x${word}`),
          ]),
        ),
    );
}

/** The items of a field. */
function itemsOf(words: ReadonlyMap<string, bigint>, { fields, layouts }: CoreImage, name: string): number[] {
  const field = fields.find((candidate) => candidate.name === `n.${name}`);
  if (field?.layout === undefined) throw new Error(`no ${name}`);
  const { bank, firstWord, itemBits, itemsPerWord } = at(layouts, field.layout);
  return Array.from({ length: neurons }, (_, item) => {
    const word = words.get(`${bank} ${firstWord + Math.floor(item / itemsPerWord)}`) ?? 0n;
    const own = word >> BigInt((item % itemsPerWord) * itemBits);
    return Number(field.signed ? lowBits(own, field.bits) : own & (2n ** BigInt(field.bits) - 1n));
  });
}

describe('a programmable core, for all pairs of 8 bits', needs('verilator'), () => {
  const { folder } = scratch();
  const hw = modelOf('mnist-snn', 'mp8-8', ['hw.banks.state.capacityBits=8388608']);
  beforeAll(() => buildBench(hw, folder), 600_000);

  /** Compares with the model, then with what each line means; the model knows what is drawn. */
  const compare = (
    lines: readonly Line[],
    fields: readonly string[],
    meant: readonly ((x: bigint) => bigint)[],
    samples = 16,
  ) => {
    const { program, rules } = programOf(lines, fields);
    const image = imageOf(program, rules, hw, { precision: 'mp8-8', seed: 1 });
    const run = {
      image,
      samples: Array.from({ length: samples }, (_, label) => ({
        ...{ interval: 0, learn: true, label },
        inputs: [[]],
      })),
    };
    expect(compareOn(folder, run, microcodeUnitOf(hw))).toMatchObject({ difference: undefined });
    const found = wordsOf(readFileSync(join(folder, 'observed.txt'), 'utf8'));
    expect(found).toHaveLength(samples);
    for (const [index, { mnemonic, operands }] of lines.entries()) {
      const { exact, draws } = specifications[mnemonic] ?? {};
      if (exact === undefined) throw new Error(`no ${mnemonic}`);
      if (draws === true) continue;
      for (const [label, words] of found.entries()) {
        const items = itemsOf(words, image, `o${index}`);
        const expected = items.map((_, item) => {
          const [a, b] = [(item & 255) - 128, (item >> 8) + 16 * label - 128];
          const given = operands.map((operand) =>
            BigInt(operand === 'a' ? a : operand === 'b' ? b : operand),
          );
          return Number(at(meant, index)(exact(given, 0n)));
        });
        expect(items, `${mnemonic} ${operands.join(', ')}`).toEqual(expected);
      }
    }
  };

  /** Into fields that hold every result. */
  const compareWhole = (lines: readonly Line[], samples?: number): void =>
    compare(
      lines,
      lines.map(() => 'bits: 32, signed: true, overflow: wrap'),
      lines.map(() => (exact) => exact),
      samples,
    );

  test.each(Object.keys(programs))('%s', (name) => compareWhole(programs[name] ?? []));

  test('shifts, in every rounding', () => compareWhole(shifts, 1));

  test('sums, differences and products, saturated to 8 bits or cut to them', () => {
    const lines = ['add', 'sub', 'mul'].flatMap((name) =>
      Object.keys(fitted).map(() => line(name, 'a', 'b')),
    );
    const fields = ['add', 'sub', 'mul'].flatMap(() => Object.keys(fitted).map((how) => `bits: 8, ${how}`));
    compare(
      lines,
      fields,
      ['add', 'sub', 'mul'].flatMap(() => Object.values(fitted)),
    );
  });
});
