import { Faults, type Place, PlasticoreError } from '../text/index.ts';
import { integerRange } from './arithmetic.ts';
import { type AnyInstruction, type DataflowStep, forward } from './dataflow.ts';
import { exactRange, fittedRange, type Ranges, registerRange, widthOf } from './range-rules.ts';
import { type RangeFacts, SelectedRanges } from './selected-ranges.ts';
import { clampedTo, contains, join, type ValueRange, valueRange } from './value-range.ts';

/** The analysis's view of everything outside a kernel's text. */
export interface RangeEnvironment<I extends AnyInstruction> {
  readonly datapathBits: number;
  /** Whether an instruction computes with floats: its result then has a range only if it is a flag. */
  readonly isReal: (instruction: I, line: number) => boolean;
  /** The range of an operand other than a register; undefined for a float. */
  readonly rangeOf: (operand: I['operands'][number], line: number) => ValueRange | undefined;
  /** The most synapses in a row of the projection, which bounds a reduce. */
  readonly rowLength: number;
  /** The positions of the first field that an instruction names; 0 for a field without any. */
  readonly positionsOf: (instruction: I) => number;
  /** Names a line when it is refused. Undefined if the code is already proven. */
  readonly describe: ((line: number) => { readonly text: string; readonly place: Place }) | undefined;
}

/** The ranges of an instruction's values. */
export interface InstructionRange extends Omit<RangeFacts, 'compute' | 'isReal' | 'definitions'> {
  /**
   * The range of its exact result in the cases where a reader selects it, if every reader is a select that chooses
   * between it and another value; else undefined. In all other cases the result is discarded.
   */
  readonly selected: ValueRange | undefined;
}

const floatBits = 32;

/**
 * Interval analysis of a kernel at one point of the parameter schedule. A select narrows its operands by its condition:
 * for `v - threshold`, only the cases with v >= threshold may count. Widths are not narrowed: a multiplexer, and the
 * wires behind it, are as wide as its inputs.
 *
 * @throws PlasticoreError `range` with all lines whose plain result may leave the datapath, with its possible range,
 * and those where a parameter gives a shift amount or a bound that the operation does not accept
 */
export function analyseRanges<I extends AnyInstruction>(
  code: readonly I[],
  environment: RangeEnvironment<I>,
): InstructionRange[] {
  const { datapathBits, rowLength } = environment;
  const datapath = integerRange(datapathBits, true);
  const faults = new Faults();
  const found: RangeFacts[] = [];
  const selects = new SelectedRanges(found, datapath);
  // The dataflow carries the range on the wires; the range of values is in `found`.
  forward<I, ValueRange | undefined>(code, (step) => {
    const { line, instruction, operation, sources } = step;
    const { effect, kinds } = operation;
    const others = sources.map(({ operand }) =>
      operand.is === 'register' ? undefined : environment.rangeOf(operand, line),
    );
    const definitions = sources.map(({ definition }) => definition);
    const whole = definitions.map((definition, index) => others[index] ?? found[definition ?? -1]?.result);
    faults.attempt(() => checkConstants(step, whole));
    const compute = effect.does === 'compute' ? effect : undefined;
    const operands = compute?.selects === true ? selects.operandsOf(definitions, whole) : whole;
    const isReal = environment.isReal(instruction, line);
    const isFloat = isReal && kinds[0] !== 'flag' && kinds[0] !== 'integer';
    const terms = effect.does === 'correlate' ? environment.positionsOf(instruction) : rowLength;
    const exact = isFloat ? undefined : exactRange(operation, operands, terms);
    const before = faults.count;
    // What a float becomes fits a register.
    if (!isReal) faults.attempt(() => checkFit(step, operands, exact));
    if ('at' in effect) faults.attempt(() => checkPosition(step, operands.at(-1)));
    const fitted = exact && fittedRange(exact, operation, datapath);
    // The lines below a refused one are judged as if it had been mended.
    const result = fitted && faults.count > before ? clampedTo(datapath, fitted) : fitted;

    const wires = sources.map(({ fact }, index) => others[index] ?? fact);
    const exactWires = isFloat ? undefined : exactRange(operation, wires, terms);
    const resultWires = exactWires && clampedTo(registerRange, fittedRange(exactWires, operation, datapath));
    // A shift amount does not go through the datapath.
    const measured = wires.filter(
      (_, index) => kinds[index + operation.operands.length - sources.length] !== '-',
    );
    const isProduct = (operation.cost.multiply ?? 0) > 0;
    const widthBits = isReal ? floatBits : widthOf(isProduct ? measured : [...measured, resultWires]);
    found.push({ result, exact, operands, widthBits, compute, isReal, definitions });
    return resultWires;
  });
  faults.throwIfAny();
  return found.map((one, line) => ({ ...one, selected: selects.whereSelected(line) }));

  /** Checks that operands fit the datapath. Fields always do; an item's number, a host scalar or a result may not. */
  function checkFit(
    { line, operation: { effect } }: DataflowStep<I, unknown>,
    operands: Ranges,
    exact: ValueRange | undefined,
  ): void {
    if (effect.does === 'load') requireWithin(operands[0], datapathBits, line, 'what is loaded');
    if (effect.does === 'reduce' && effect.joins === 'sum')
      requireWithin(exact, 32, line, `the sum over ${rowLength} synapses`);
    if ((effect.does === 'compute' && effect.overflow === 'proven') || effect.does === 'correlate')
      requireWithin(exact, datapathBits, line, 'the result');
  }

  /** A position has to be proven to exist. */
  function checkPosition(
    { line, instruction }: DataflowStep<I, unknown>,
    position: ValueRange | undefined,
  ): void {
    if (environment.describe === undefined) return;
    const last = environment.positionsOf(instruction) - 1;
    if (position !== undefined && contains(valueRange(0, last), position)) return;
    const { text, place } = environment.describe(line);
    const { low, high } = position ?? registerRange;
    throw new PlasticoreError(
      'range',
      `'${text}': the position may be ${low} to ${high}; expected 0 to ${last}`,
      { ...place, hint: 'clip it, or take its low bits with and' },
    );
  }

  /** Shift amounts and bounds from parameters have the same limits as literal ones, also on floats. */
  function checkConstants(
    { line, operation: { effect, mnemonic } }: DataflowStep<I, unknown>,
    ranges: Ranges,
  ): void {
    if (effect.does !== 'compute' || environment.describe === undefined) return;
    const constants = ranges.map((range) =>
      range !== undefined && range.low === range.high ? range.low : undefined,
    );
    const problem = effect.check?.(constants);
    if (problem === undefined) return;
    const { place } = environment.describe(line);
    throw new PlasticoreError('range', `${mnemonic}: ${problem}`, place);
  }

  function requireWithin(range: ValueRange | undefined, bits: number, line: number, what: string): void {
    if (range === undefined || environment.describe === undefined) return;
    if (contains(integerRange(bits, true), range)) return;
    const { text, place } = environment.describe(line);
    throw new PlasticoreError(
      'range',
      `'${text}': ${what} may be ${range.low} to ${range.high}, which ${bits} bits do not hold`,
      {
        ...place,
        hint: 'clip the operands, or use the saturating (.s) or wrapping (.w) form, where there is one',
      },
    );
  }
}

/** Joins the results of several points of the schedule into one that holds at all of them. */
export function joinRanges(
  a: readonly InstructionRange[],
  b: readonly InstructionRange[],
): InstructionRange[] {
  return a.map((one, line) => {
    const other = b[line] ?? one;
    return {
      result: joined(one.result, other.result),
      exact: joined(one.exact, other.exact),
      operands: one.operands.map((range, index) => joined(range, other.operands[index])),
      // If no select takes it at one point of the schedule, the other points count.
      selected: joined(one.selected, other.selected) ?? one.selected ?? other.selected,
      widthBits: Math.max(one.widthBits, other.widthBits),
    };
  });
}

function joined(a: ValueRange | undefined, b: ValueRange | undefined): ValueRange | undefined {
  return a === undefined || b === undefined ? undefined : join(a, b);
}
