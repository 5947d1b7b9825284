import type { Compute } from './operation.ts';
import { assuming, type Ranges } from './range-rules.ts';
import { clampedTo, contains, join, meet, type ValueRange } from './value-range.ts';

/** The facts of the interval analysis about an instruction after reading it. */
export interface RangeFacts {
  /** Of its result, or of the sum that a reduce stores; undefined for floats and for instructions without a value. */
  readonly result: ValueRange | undefined;
  /** Of its exact result, before it saturates or wraps. */
  readonly exact: ValueRange | undefined;
  /** Of its operands except the result; for a select, in the cases where it takes them. */
  readonly operands: Ranges;
  /** Width of the wires for its operands and its result; a multiplication is as wide as its operands. */
  readonly widthBits: number;
  readonly compute: Compute | undefined;
  readonly isReal: boolean;
  /** The lines that computed its operands. */
  readonly definitions: readonly (number | undefined)[];
}

/** Which range is asked for: of an instruction's result, or of its exact result before saturating or wrapping. */
type Which = 'result' | 'exact';

/**
 * The ranges of values in the cases where selects take them. A select takes its first value only if its condition
 * holds. If the condition is a comparison, it bounds the compared values, and so the values computed from them.
 */
export class SelectedRanges {
  readonly #found: readonly RangeFacts[];
  readonly #datapath: ValueRange;

  /** @param found the facts about the instructions read so far; the analysis appends to it */
  constructor(found: readonly RangeFacts[], datapath: ValueRange) {
    this.#found = found;
    this.#datapath = datapath;
  }

  /** The ranges of a select's condition and of its two values; a value that is never taken counts as the other one. */
  operandsOf(definitions: readonly (number | undefined)[], whole: Ranges): Ranges {
    const [condition, a, b] = whole;
    if (a === undefined || b === undefined) return whole;
    const ofA = this.#rangeWhere(definitions, whole, true, 'result');
    const ofB = this.#rangeWhere(definitions, whole, false, 'result');
    return [condition, ofA ?? ofB ?? a, ofB ?? ofA ?? b];
  }

  /** The range of a line's exact result in the cases where a reader takes it, if all its readers are selects. */
  whereSelected(line: number): ValueRange | undefined {
    let range: ValueRange | undefined;
    for (const { definitions, compute } of this.#found) {
      if (!definitions.includes(line)) continue;
      const [condition, a, b] = definitions;
      if (compute?.selects !== true || condition === line) return undefined;
      for (const [holds, value] of [
        [true, a],
        [false, b],
      ] as const) {
        const whole = definitions.map((definition) => this.#found[definition ?? -1]?.result);
        const taken = value === line ? this.#rangeWhere(definitions, whole, holds, 'exact') : undefined;
        if (taken !== undefined) range = range === undefined ? taken : join(range, taken);
      }
    }
    return range;
  }

  /** The range of a select's first or second value in the cases where it takes it; undefined if it never does. */
  #rangeWhere(
    [comparing, ...values]: readonly (number | undefined)[],
    whole: Ranges,
    holds: boolean,
    which: Which,
  ): ValueRange | undefined {
    const value = values[holds ? 0 : 1];
    const known = value === undefined ? undefined : this.#found[value];
    const unconditional = which === 'exact' && known !== undefined ? known.exact : whole[holds ? 1 : 2];
    const comparison = this.#found[comparing ?? -1];
    const compares = comparison?.compute?.compares;
    if (value === undefined || comparison === undefined || compares === undefined) return unconditional;
    const [left, right] = comparison.operands;
    if (left === undefined || right === undefined) return unconditional;
    const assumed = assuming(compares, holds, left, right);
    if (assumed === 'nothing') return unconditional;
    if (assumed === 'never') return undefined;
    const given = new Map<number, ValueRange>();
    for (const [index, compared] of comparison.definitions.entries()) {
      const range = assumed[index];
      if (compared !== undefined && range !== undefined)
        given.set(compared, meet(given.get(compared), range));
    }
    return new AssumedRanges(this.#found, this.#datapath, given).rangeOf(value, which);
  }
}

/** The ranges of instructions, given the ranges of some results. */
class AssumedRanges {
  readonly #found: readonly RangeFacts[];
  readonly #datapath: ValueRange;
  readonly #given: ReadonlyMap<number, ValueRange>;
  readonly #exact = new Map<number, ValueRange | undefined>();

  constructor(found: readonly RangeFacts[], datapath: ValueRange, given: ReadonlyMap<number, ValueRange>) {
    this.#found = found;
    this.#datapath = datapath;
    this.#given = given;
  }

  rangeOf(line: number, which: Which): ValueRange | undefined {
    return which === 'exact' ? this.#exactOf(line) : this.#resultOf(line);
  }

  #exactOf(line: number): ValueRange | undefined {
    if (!this.#exact.has(line)) this.#exact.set(line, this.#given.get(line) ?? this.#computed(line));
    return this.#exact.get(line);
  }

  #computed(line: number): ValueRange | undefined {
    const found = this.#found[line];
    if (found === undefined) return undefined;
    const { compute, isReal, definitions, operands, result } = found;
    if (compute === undefined || isReal) return result;
    const ranges = operands.map((range, index) => {
      const definition = definitions[index];
      return definition === undefined ? range : this.#resultOf(definition);
    });
    const known = ranges.filter((range) => range !== undefined);
    return known.length < ranges.length ? result : compute.range(known);
  }

  #resultOf(line: number): ValueRange | undefined {
    const exact = this.#exactOf(line);
    const { result, compute } = this.#found[line] ?? {};
    if (exact === undefined || result === undefined || this.#given.has(line)) return exact;
    if (compute === undefined) return result;
    if (contains(this.#datapath, exact)) return meet(result, exact);
    return compute.overflow === 'saturate' ? meet(result, clampedTo(this.#datapath, exact)) : result;
  }
}
