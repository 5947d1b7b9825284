import { PlasticoreError } from '../text/index.ts';
import { clamp, integerRange } from './arithmetic.ts';
import { formatInstruction } from './disassembler.ts';
import { bitsFor, contains, type Interval, interval, join } from './interval.ts';
import type { FieldName, Instruction, Operand } from './kernel.ts';
import type { Compute, NumberKind, Operation } from './operation.ts';
import { operationNamed } from './operations.ts';

/** What the analysis has to know of the world outside a kernel's text. */
export interface RangeEnvironment {
  readonly datapathBits: number;
  /** Whether reals are floats here, so that only integers and flags have ranges. */
  readonly realsAreFloats: boolean;
  readonly rangeOf: (field: FieldName) => Interval;
  /** A parameter's value at one point of the run-time schedule. */
  readonly parameter: (name: string) => number;
  /** What a draw from a declared generator may give. */
  readonly generator: (name: string, instruction: Instruction) => Interval;
  /** The most synapses that a row of the projection has, which bounds a reduce. */
  readonly rowLength: number;
}

/** What is known of an instruction: the range of its result (or of what it stores), and the width it works at. */
export interface InstructionRange {
  /** Undefined for floats, and for instructions without a value. */
  readonly result: Interval | undefined;
  /** Bits that hold its operands and its result; a multiplication is as wide as its operands. */
  readonly widthBits: number;
}

const floatBits = 32;

/**
 * Interval analysis of a kernel at one point of the parameter schedule.
 *
 * @param kinds what {@link inferKinds} found
 * @throws PlasticoreError `range` where a plain result may leave the datapath, with the range that it may have
 */
export function analyseRanges(
  body: readonly Instruction[],
  kinds: readonly (readonly (NumberKind | undefined)[])[],
  environment: RangeEnvironment,
): InstructionRange[] {
  const registers = new Map<number, Interval | undefined>();
  const datapath = integerRange(environment.datapathBits, true);
  return body.map((instruction, line) => {
    const operation = operationNamed(instruction.mnemonic);
    const isFloat = environment.realsAreFloats && (kinds[line] ?? []).includes('real');
    const sources = instruction.operands.filter((_, index) => operation.operands[index] !== 'result');
    const ranges = sources.map((operand) => rangeOfOperand(operand, instruction));
    checkConstants(operation, instruction, ranges);
    const result =
      isFloat && operation.kinds[0] !== 'flag' ? undefined : resultRange(operation, instruction, ranges);
    const target = instruction.operands[0];
    if (operation.operands[0] === 'result' && target?.is === 'register')
      registers.set(target.register, result);
    if (isFloat) return { result, widthBits: floatBits };
    // The amount of a shift is no operand of the datapath.
    const sourceKinds = operation.kinds.slice(operation.operands[0] === 'result' ? 1 : 0);
    const operandRanges = ranges.filter((_, index) => sourceKinds[index] !== '-');
    const measured = (operation.cost.multiply ?? 0) > 0 ? operandRanges : [...operandRanges, result];
    const widths = measured.filter((range) => range !== undefined);
    return { result, widthBits: Math.min(32, unifiedWidth(widths)) };
  });

  function rangeOfOperand(operand: Operand, instruction: Instruction): Interval | undefined {
    switch (operand.is) {
      case 'generator':
        return environment.generator(operand.name, instruction);
      case 'register':
        return registers.get(operand.register);
      case 'number':
        return interval(operand.value, operand.value);
      case 'parameter': {
        const value = environment.parameter(operand.name);
        return interval(value, value);
      }
      case 'field':
        return environment.rangeOf(operand);
    }
  }

  function resultRange(
    operation: Operation,
    instruction: Instruction,
    ranges: readonly (Interval | undefined)[],
  ): Interval | undefined {
    const { effect } = operation;
    switch (effect.does) {
      case 'compute':
        return computeRange(effect, instruction, ranges);
      // Fields fit the datapath; the number of an item, or what the host writes, may not.
      case 'load':
        if (ranges[0] !== undefined)
          requireWithin(ranges[0], datapath, environment.datapathBits, instruction, 'what is loaded');
        return effect.predicated && ranges[0] !== undefined ? join(ranges[0], interval(0, 0)) : ranges[0];
      case 'draw':
        return effect.predicated && ranges[0] !== undefined ? join(ranges[0], interval(0, 0)) : ranges[0];
      case 'any':
        return interval(0, 1);
      case 'store':
      case 'emit':
        return undefined;
      case 'reduce': {
        const term = ranges[0];
        if (term === undefined) return undefined;
        const sum = interval(
          Math.min(0, term.low) * environment.rowLength,
          Math.max(0, term.high) * environment.rowLength,
        );
        requireWithin(
          sum,
          integerRange(32, true),
          32,
          instruction,
          `the sum over ${environment.rowLength} synapses`,
        );
        return sum;
      }
    }
  }

  function computeRange(
    effect: Compute,
    instruction: Instruction,
    ranges: readonly (Interval | undefined)[],
  ): Interval | undefined {
    const known = ranges.filter((range) => range !== undefined);
    // A comparison of floats gives a flag whatever they are.
    const exact = known.length === ranges.length ? effect.range(known) : interval(0, 1);
    if (effect.overflow === 'saturate') {
      return interval(
        clamp(exact.low, datapath.low, datapath.high),
        clamp(exact.high, datapath.low, datapath.high),
      );
    }
    if (effect.overflow === 'wrap') return contains(datapath, exact) ? exact : datapath;
    requireWithin(exact, datapath, environment.datapathBits, instruction, 'the result');
    return exact;
  }
}

/** Shift amounts and bounds that parameters give have the limits of typed ones, on floats too. */
function checkConstants(
  { effect }: Operation,
  instruction: Instruction,
  ranges: readonly (Interval | undefined)[],
): void {
  if (effect.does !== 'compute') return;
  const constants = ranges.map((range) =>
    range !== undefined && range.low === range.high ? range.low : undefined,
  );
  const problem = effect.check?.(constants);
  if (problem !== undefined) {
    throw new PlasticoreError('range', `${instruction.mnemonic}: ${problem}`, instruction.place);
  }
}

function requireWithin(
  range: Interval,
  bounds: Interval,
  bits: number,
  instruction: Instruction,
  what: string,
): void {
  if (contains(bounds, range)) return;
  throw new PlasticoreError(
    'range',
    `'${formatInstruction(instruction).replace(/ +/, ' ')}': ${what} may be ${range.low} to ${range.high}, which ${bits} bits do not hold`,
    {
      ...instruction.place,
      hint: `clip the operands, or use the saturating (.s) or wrapping (.w) form, where there is one`,
    },
  );
}

/** The width that holds all of these ranges at once: unsigned when none is negative. */
function unifiedWidth(ranges: readonly Interval[]): number {
  const all = ranges.reduce((a, b) => join(a, b), interval(0, 0));
  return bitsFor(all);
}
