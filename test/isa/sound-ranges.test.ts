import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  analyseRanges,
  assemble,
  type Instruction,
  type Operand,
  type ValueRange,
  valueRange,
} from '../../src/isa/index.ts';
import { onDatapath, specifications } from './specification.ts';

// Kernels of comparisons, selects and what they select among are carried out on whole numbers by the specification.
// Nothing may lie outside the range that the analysis gives it.

const bits = 12;
const registers = 4;
const held = valueRange(-200, 200);

const register = fc.integer({ min: 0, max: registers - 1 }).map((index) => `r${index}`);
const value = fc.oneof({ weight: 3, arbitrary: register }, fc.integer({ min: -90, max: 90 }).map(String));
const comparison = fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge', 'ltu', 'geu');
const sum = fc.constantFrom('add.s', 'sub.s', 'add.w', 'sub.w', 'mul.s', 'min', 'max', 'and', 'or', 'xor');
const line = fc.oneof(
  fc.tuple(comparison, register, register, value).map(([name, rd, a, b]) => `cmp.${name} ${rd}, ${a}, ${b}`),
  fc.tuple(sum, register, value, value).map(([name, rd, a, b]) => `${name} ${rd}, ${a}, ${b}`),
  fc.tuple(register, register, value, value).map(([rd, a, b, c]) => `sel ${rd}, ${a}, ${b}, ${c}`),
  fc
    .tuple(fc.constantFrom('neg.s', 'abs.s', 'popcount', 'clz'), register, register)
    .map(([name, rd, a]) => `${name} ${rd}, ${a}`),
);

/** A reset by subtraction and the like, which the analysis is there for, among other lines. */
const reset = fc
  .tuple(comparison, fc.constantFrom('sub.s', 'add.s'), fc.integer({ min: -90, max: 90 }), fc.boolean())
  .map(([name, form, bound, isFirst]) => [
    `cmp.${name} r1, r0, ${bound}`,
    `${form} r2, r0, ${bound}`,
    `sel r3, r1, ${isFirst ? 'r2, r0' : 'r0, r2'}`,
  ]);
const body = fc
  .tuple(
    fc.array(line, { maxLength: 4 }),
    fc.oneof(reset, fc.array(line, { maxLength: 4 })),
    fc.array(line, { maxLength: 4 }),
  )
  .map((parts) => parts.flat());

function codeOf(lines: readonly string[]): readonly Instruction[] {
  const loads = Array.from({ length: registers }, (_, index) => `ld r${index}, self.v${index}`);
  return assemble(['kernel k over neurons', ...loads, ...lines, 'end'].join('\n'), 'k.uc')[0]?.body ?? [];
}

function rangeOf(operand: Operand): ValueRange | undefined {
  if (operand.is === 'field') return held;
  return operand.is === 'number' ? valueRange(operand.value, operand.value) : undefined;
}

/** The exact results and what becomes of them, line by line. */
function execute(
  code: readonly Instruction[],
  loaded: readonly number[],
): { exact: bigint; result: bigint }[] {
  const file = loaded.map(BigInt);
  return code.map(({ mnemonic, operands: [target, ...sources] }, at) => {
    const specification = specifications[mnemonic];
    const values = sources.map((source) =>
      source.is === 'register'
        ? (file[source.register] ?? 0n)
        : BigInt(source.is === 'number' ? source.value : 0),
    );
    const exact = specification === undefined ? BigInt(loaded[at] ?? 0) : specification.exact(values, 0n);
    const result = onDatapath(exact, specification?.overflow ?? 'proven', bits);
    if (target?.is !== 'register' || result === undefined) throw new Error(`${mnemonic} leaves the datapath`);
    file[target.register] = result;
    return { exact, result };
  });
}

const lies = (found: bigint, range: ValueRange | undefined): boolean =>
  range !== undefined && found >= BigInt(range.low) && found <= BigInt(range.high);

test('every value lies in its range, and what a select takes in the range of what is taken', () => {
  const inputs = fc.array(fc.integer({ min: held.low, max: held.high }), {
    minLength: registers,
    maxLength: registers,
  });
  const near = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: registers, maxLength: registers });
  let narrowed = 0;
  fc.assert(
    fc.property(
      body,
      fc.array(fc.oneof(inputs, near), { minLength: 12, maxLength: 12 }),
      (lines, samples) => {
        const code = codeOf(lines);
        const ranges = analyseRanges(code, {
          datapathBits: bits,
          isReal: () => false,
          rangeOf,
          rowLength: 1,
          positionsOf: () => 0,
          describe: undefined,
        });
        const selectors = code.map(({ mnemonic }) => mnemonic === 'sel');
        for (const sample of samples) {
          const found = execute(code, sample);
          for (const [at, { exact, result }] of found.entries()) {
            const range = ranges[at];
            const is = [lies(exact, range?.exact), lies(result, range?.result)];
            if (is.includes(false)) expect({ lines, sample, at, exact, result, range }).toBe('in its range');
            checkTaken(at, sample);
          }

          /** Where a select takes the value of a line whose readers all are selects. */
          function checkTaken(at: number, sample: readonly number[]): void {
            const { selected } = ranges[at] ?? {};
            if (!selectors[at] || code[at] === undefined) return;
            const definitions = new Map<number, number>();
            for (const [
              before,
              {
                operands: [target],
              },
            ] of code.slice(0, at).entries())
              if (target?.is === 'register') definitions.set(target.register, before);
            const [, condition, a, b] = code[at].operands;
            if (condition?.is !== 'register') return;
            const holds = found[definitions.get(condition.register) ?? -1]?.result !== 0n;
            const taken = holds ? a : b;
            if (taken?.is !== 'register') return;
            const definition = definitions.get(taken.register) ?? -1;
            const known = ranges[definition]?.selected;
            if (known === undefined) return;
            narrowed += 1;
            const { exact } = found[definition] ?? {};
            if (exact === undefined || !lies(exact, known))
              expect({ lines, sample, at, definition, exact, known, selected }).toBe(
                'in its range where taken',
              );
          }
        }
      },
    ),
    { numRuns: 3000 },
  );
  expect(narrowed).toBeGreaterThan(1000);
});
