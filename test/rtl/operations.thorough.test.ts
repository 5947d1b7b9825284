import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Compute, integerRange, type Operation, operations, valueRange } from '../../src/isa/index.ts';
import { LaneText, type Wire } from '../../src/rtl/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { needs } from '../support/needs.ts';

// Skipped where Icarus Verilog is missing: apt-get install iverilog. With more vectors:
// VECTORS=10000 npx vitest run --mode thorough test/rtl/operations

/** Random vectors of each operation at each width and range; the corners come beside them. */
const vectorsOfCase = Number(process.env.VECTORS ?? 2000);

type Computing = Operation & { readonly effect: Compute };
interface Range {
  readonly low: number;
  readonly high: number;
}
interface Vector {
  readonly operands: readonly [number, number, number];
  readonly amount: number;
  readonly random: number;
}

const computing = operations.filter(
  (operation): operation is Computing => operation.effect.does === 'compute',
);
const amounts = Array.from({ length: 63 }, (_, index) => index - 31);

/** The index of the operand that is an amount of bits: a constant without a kind; -1 if there is none. */
const amountOf = ({ kinds }: Operation): number => kinds.indexOf('-') - 1;
const isAmount = (operation: Operation): boolean => operation.kinds.includes('-');

/** The amounts that an operation takes. */
function amountsOf({ effect, ...operation }: Computing): number[] {
  const index = amountOf({ effect, ...operation });
  const constants = (amount: number): (number | undefined)[] =>
    Array.from({ length: 3 }, (_, at) => (at === index ? amount : undefined));
  return amounts.filter((amount) => effect.check?.(constants(amount)) === undefined);
}

/** How many registers an operation reads, by the operands that it has. */
const readsOf = ({ kinds }: Operation): number => kinds.length - 1;

/** Operands within a range: all corners, which are its ends and the smallest numbers, and any. */
function vectorsOf({ low, high }: Range, reads: number, count: number, dice: Dice): Vector[] {
  const ends = [low, low + 1, -1, 0, 1, 2, high - 1, high].filter((value) => value >= low && value <= high);
  const any = (): number => {
    const reach = dice.pick([0, 0, 3, 7, 12, 20, 31]);
    const value = reach === 0 ? dice.whole(low, high) : dice.whole(-(2 ** reach), 2 ** reach);
    return Math.min(high, Math.max(low, value));
  };
  const word = (): number => dice.pick([0, 2 ** 32 - 1, 2 ** 31, dice.whole(1, 2 ** 32 - 1)]);
  const [second, third] = [reads > 1 ? ends : [dice.pick(ends)], reads > 2 ? ends : [dice.pick(ends)]];
  const corners = ends.flatMap((a) => second.flatMap((b) => third.map((c): Vector['operands'] => [a, b, c])));
  const others = Array.from({ length: count }, (): Vector['operands'] => [any(), any(), any()]);
  return [...corners, ...others].map((operands) => ({ operands, amount: 0, random: word() }));
}

/** The operands of an operation in a vector: clip takes its lower bound first. */
function operandsIn(operation: Computing, { operands: [a, b, c], amount }: Vector): [number, number, number] {
  if (operation.mnemonic === 'clip') return [a, Math.min(b, c), Math.max(b, c)];
  const own: [number, number, number] = [a, b, c];
  if (isAmount(operation)) own[amountOf(operation)] = amount;
  return own;
}

/** Hexadecimal bits of a vector, the random word first. */
function wordOf({ random, amount }: Vector, operands: readonly number[]): string {
  const bits = [random, amount, ...[...operands].reverse()];
  return bits.map((value) => (value >>> 0).toString(16).padStart(8, '0')).join('');
}

interface Case {
  readonly operation: Computing;
  readonly bits: number;
  readonly vectors: readonly Vector[];
  readonly text: string;
  readonly name: string;
}

/** A module that computes an operation of operands within a range, for all amounts, beside what carries it out. */
function caseOf(operation: Computing, bits: number, low: number, index: number): Case {
  const { high } = integerRange(bits, true);
  const own = isAmount(operation) ? amountsOf(operation) : [0];
  const dice = new Dice(index + 1);
  const plain = vectorsOf({ low, high }, readsOf(operation), Math.ceil(vectorsOfCase / own.length), dice);
  const vectors = plain.flatMap((vector) => own.map((amount) => ({ ...vector, amount })));
  const lanes = new LaneText(bits);
  lanes.random = 'random';
  lanes.begin('v');
  const range = valueRange(low, high);
  const amount: Wire = { text: 'amount', range: valueRange(Math.min(...own), Math.max(...own)), values: own };
  const [a, b, c] = ['a', 'b', 'c'].map(
    (text, at): Wire => (isAmount(operation) && at === amountOf(operation) ? amount : { text, range }),
  );
  if (a === undefined || b === undefined || c === undefined) throw new Error('three operands');
  const { text } = operation.effect.lower(lanes, a, b, c);
  const name = `case_${index}`;
  const amountBits = Math.max(1, bitsOf(amount.range.low), bitsOf(amount.range.high));
  const module = [
    `module ${name}(input [159:0] vector, output signed [127:0] result);`,
    ...['a', 'b', 'c'].map(
      (wire, at) => `wire signed [${bits - 1}:0] ${wire} = vector[${at * 32} +: ${bits}];`,
    ),
    `wire signed [${amountBits - 1}:0] amount = vector[96 +: ${amountBits}];`,
    'wire [31:0] random = vector[128 +: 32];',
    'function automatic [5:0] count_ones(input [31:0] s); integer i;',
    "begin count_ones = 6'd0; for (i = 0; i < 32; i = i + 1) count_ones = count_ones + {5'd0, s[i]}; end endfunction",
    ...lanes.lines,
    `assign result = 128'($signed(${text}));`,
    'endmodule',
    '',
  ];
  return { operation, bits, vectors, name, text: module.join('\n') };
}

function bitsOf(value: number): number {
  return Math.floor(Math.log2(Math.max(value, -1 - value, 1))) + 2;
}

/** Runs all cases in Icarus. @returns the results of each, in the order of its vectors */
function simulated(cases: readonly Case[]): number[][] {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-operations-'));
  try {
    const runs = cases.map(({ name, vectors }) => [
      `reg [159:0] of_${name} [0:${vectors.length - 1}]; reg [159:0] in_${name}; wire signed [127:0] out_${name}; integer i_${name};`,
      `${name} u_${name}(in_${name}, out_${name});`,
      'initial begin',
      `  $readmemh("${name}.memh", of_${name}); file_${name} = $fopen("${name}.txt", "w");`,
      `  for (i_${name} = 0; i_${name} < ${vectors.length}; i_${name} = i_${name} + 1) begin`,
      `    in_${name} = of_${name}[i_${name}]; #1 $fwrite(file_${name}, "%0d\\n", out_${name});`,
      '  end',
      `  $fclose(file_${name});`,
      'end',
      `integer file_${name};`,
    ]);
    const bench = ['module bench;', ...runs.flat(), 'endmodule', ''].join('\n');
    writeFileSync(join(folder, 'all.sv'), [...cases.map(({ text }) => text), bench].join('\n'));
    for (const { name, vectors, operation } of cases) {
      const lines = vectors.map((vector) => wordOf(vector, operandsOfRegisters(operation, vector)));
      writeFileSync(join(folder, `${name}.memh`), `${lines.join('\n')}\n`);
    }
    execFileSync('iverilog', ['-g2012', '-o', 'sim', 'all.sv'], { cwd: folder, stdio: 'pipe' });
    execFileSync('vvp', ['-N', 'sim'], { cwd: folder, stdio: 'pipe' });
    return cases.map(({ name }) =>
      readFileSync(join(folder, `${name}.txt`), 'utf8')
        .trim()
        .split('\n')
        .map(Number),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function operandsOfRegisters(operation: Computing, vector: Vector): number[] {
  const operands = operandsIn(operation, vector);
  if (isAmount(operation)) operands[amountOf(operation)] = 0;
  return operands;
}

describe('each operation as Verilog', needs('iverilog'), () => {
  const cases = computing.flatMap((operation, index) =>
    [8, 16, 32].flatMap((bits, at) =>
      [integerRange(bits, true).low, 0].map((low, sign) =>
        caseOf(operation, bits, low, index * 6 + at * 2 + sign),
      ),
    ),
  );
  let found: readonly (readonly number[])[] = [];
  beforeAll(() => {
    // As many as the simulator keeps in its memory.
    const together = 24;
    const parts = Array.from({ length: Math.ceil(cases.length / together) }, (_, part) =>
      cases.slice(part * together, (part + 1) * together),
    );
    found = parts.flatMap(simulated);
  }, 3_600_000);
  test.each(cases.map((one, index) => [one.operation.mnemonic, one.bits, index] as const))(
    '%s at %i bits',
    (_mnemonic, bits, index) => {
      const { operation, vectors } = cases[index] ?? { vectors: [] };
      if (operation === undefined) throw new Error('no case');
      const { low, high } = integerRange(bits, true);
      const compute = operation.effect.integer(bits);
      let compared = 0;
      for (const [at, vector] of vectors.entries()) {
        const operands = operandsIn(operation, vector);
        const expected = compute(...operands, vector.random);
        // What is proven to fit is never asked for more.
        if (operation.effect.overflow === 'proven' && (expected < low || expected > high)) continue;
        compared += 1;
        const result = found[index]?.[at];
        if (result !== expected + 0)
          expect.fail(
            `${operation.mnemonic} of ${operands.join(', ')} with the word ${vector.random}: expected ${expected}, found ${result}`,
          );
      }
      expect(compared).toBeGreaterThan(vectors.length / 16);
    },
  );
});
