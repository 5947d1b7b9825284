import { type BoundKernel, fieldRange, type Image, type ImageOperand } from '../../../../image/index.ts';
import {
  type Compute,
  clamp,
  type Interval,
  integerRange,
  interval,
  join,
  operationNamed,
} from '../../../../isa/index.ts';
import { assuming } from './conditions.ts';

/** Ranges of a kernel's integers over the whole parameter schedule; undefined for floats and for no value. */
export interface ValueRanges {
  /** For each instruction: of its result. */
  readonly results: readonly (Interval | undefined)[];
  /** For each instruction: of its exact result, before saturation or wrapping. */
  readonly exact: readonly (Interval | undefined)[];
  /** For each instruction: of its operands without the result; of a select's, where it takes them. */
  readonly operands: readonly (readonly (Interval | undefined)[])[];
  /**
   * For each instruction: of its exact result where any reader takes it, if all readers are selects between it and
   * something else: undefined if not. Elsewhere the result does not matter.
   */
  readonly selected: readonly (Interval | undefined)[];
}

/**
 * The ranges of a kernel's values, from the fields that it loads and the parameters that it uses. They are narrower
 * than the compiler's where a select takes a value only under a condition: of `v - threshold` where v >= threshold.
 */
export function valueRanges(kernel: BoundKernel, image: Image): ValueRanges {
  return new Analysis(kernel, image);
}

/** For each instruction, the line that has written each register last. */
export function findDefinitions(kernel: BoundKernel): ReadonlyMap<number, number>[] {
  const registers = new Map<number, number>();
  return kernel.code.map(({ mnemonic, operands: [target] }, line) => {
    const before = new Map(registers);
    if (operationNamed(mnemonic).operands[0] === 'result' && target?.is === 'register')
      registers.set(target.register, line);
    return before;
  });
}

/** The range of any integer operand but a register or generator; undefined for a float. */
export function rangeOfOperand(
  operand: ImageOperand,
  kernel: BoundKernel,
  { fields, parameters, populations, projections, eventScalars }: Image,
): Interval | undefined {
  switch (operand.is) {
    case 'number':
      return interval(operand.value, operand.value);
    case 'parameter': {
      const values = parameters[operand.parameter]?.values ?? [0];
      return interval(Math.min(...values), Math.max(...values));
    }
    case 'host':
      return interval(0, 0xffff);
    case 'event': {
      const { low = 0, high = 0 } = eventScalars[operand.scalar] ?? {};
      return interval(low, high);
    }
    case 'index': {
      const projection = projections[kernel.projection ?? -1];
      const population =
        kernel.population ?? (operand.role === 'pre' ? projection?.source : projection?.target);
      return interval(0, (populations[population ?? -1]?.size ?? 1) - 1);
    }
    case 'field': {
      const field = fields[operand.field];
      if (field === undefined || field.storage === 'float32') return undefined;
      const { low, high } = fieldRange(field);
      return interval(low, high);
    }
    case 'register':
    // What a draw from a generator gives, the compiler has noted.
    case 'generator':
      return undefined;
  }
}

class Analysis implements ValueRanges {
  readonly results: (Interval | undefined)[] = [];
  readonly exact: (Interval | undefined)[] = [];
  readonly operands: (readonly (Interval | undefined)[])[] = [];
  readonly selected: readonly (Interval | undefined)[];
  readonly #kernel: BoundKernel;
  readonly #image: Image;
  readonly #definitions: readonly ReadonlyMap<number, number>[];

  constructor(kernel: BoundKernel, image: Image) {
    this.#kernel = kernel;
    this.#image = image;
    this.#definitions = findDefinitions(kernel);
    for (const [line, { mnemonic, low, high }] of kernel.code.entries()) {
      const { effect } = operationNamed(mnemonic);
      const compiled = low !== undefined && high !== undefined ? interval(low, high) : undefined;
      const isSelect = selects(mnemonic);
      const ranges = isSelect ? this.#rangesOfSelect(line) : this.#sourcesOf(line);
      const known = ranges.filter((range) => range !== undefined);
      const isWhole = effect.does === 'compute' && compiled !== undefined && known.length === ranges.length;
      const exact = isWhole ? effect.range(known) : compiled;
      this.operands.push(ranges);
      this.exact.push(exact);
      this.results.push(isSelect && exact !== undefined ? meet(compiled, exact) : compiled);
    }
    this.selected = kernel.code.map((_, line) => this.#whereSelected(line));
  }

  /** The ranges of the operands that an instruction takes. */
  #sourcesOf(line: number): (Interval | undefined)[] {
    return this.#sources(line).map((operand) => {
      const definition = this.#definitionOf(line, operand);
      return definition === undefined
        ? rangeOfOperand(operand, this.#kernel, this.#image)
        : this.results[definition];
    });
  }

  #sources(line: number): readonly ImageOperand[] {
    const { mnemonic, operands = [] } = this.#kernel.code[line] ?? {};
    const isComputed = mnemonic !== undefined && operationNamed(mnemonic).operands[0] === 'result';
    return isComputed ? operands.slice(1) : operands;
  }

  #definitionOf(line: number, operand: ImageOperand | undefined): number | undefined {
    return operand?.is === 'register' ? this.#definitions[line]?.get(operand.register) : undefined;
  }

  /** Those of a select's condition and of its two values; a value that it never takes counts as the other one. */
  #rangesOfSelect(line: number): (Interval | undefined)[] {
    const [condition, a, b] = this.#sourcesOf(line);
    if (a === undefined || b === undefined) return [condition, a, b];
    const ofA = this.#rangeWhere(line, true, 'result');
    const ofB = this.#rangeWhere(line, false, 'result');
    return [condition, ofA ?? ofB ?? a, ofB ?? ofA ?? b];
  }

  /**
   * The range of the first or second value of a select where it takes it, or that of the exact result that the value
   * is made of; undefined if it never does.
   */
  #rangeWhere(line: number, holds: boolean, which: 'exact' | 'result'): Interval | undefined {
    const [condition, a, b] = this.#sources(line);
    const value = holds ? a : b;
    const definition = this.#definitionOf(line, value);
    const whole =
      which === 'exact' && definition !== undefined
        ? this.exact[definition]
        : this.#sourcesOf(line)[holds ? 1 : 2];
    const comparing = this.#definitionOf(line, condition);
    const comparison = this.#kernel.code[comparing ?? -1];
    if (definition === undefined || comparing === undefined || comparison === undefined) return whole;
    const [left, right] = this.operands[comparing] ?? [];
    if (left === undefined || right === undefined) return whole;
    const assumed = assuming(comparison.mnemonic, holds, left, right);
    if (assumed === 'nothing') return whole;
    if (assumed === 'never') return undefined;
    const narrowed = new Map<number, Interval>();
    for (const [index, operand] of this.#sources(comparing).entries()) {
      const compared = this.#definitionOf(comparing, operand);
      const range = assumed[index];
      if (compared === undefined || range === undefined) continue;
      narrowed.set(compared, meet(narrowed.get(compared), range));
    }
    return which === 'exact'
      ? this.#exactGiven(definition, narrowed)
      : this.#resultGiven(definition, narrowed);
  }

  /** The exact range of an instruction's result, given those of some instructions' results. */
  #exactGiven(line: number, given: ReadonlyMap<number, Interval>): Interval | undefined {
    const known = given.get(line);
    const instruction = this.#kernel.code[line];
    if (known !== undefined || instruction === undefined) return known;
    const { effect } = operationNamed(instruction.mnemonic);
    if (effect.does !== 'compute' || instruction.arithmetic === 'real') return this.results[line];
    const ranges = this.#sources(line).map((operand, index) => {
      const definition = this.#definitionOf(line, operand);
      return definition === undefined ? this.operands[line]?.[index] : this.#resultGiven(definition, given);
    });
    const all = ranges.filter((range) => range !== undefined);
    return all.length < ranges.length ? this.results[line] : effect.range(all);
  }

  #resultGiven(line: number, given: ReadonlyMap<number, Interval>): Interval | undefined {
    const exact = this.#exactGiven(line, given);
    const result = this.results[line];
    const { effect } = operationNamed(this.#kernel.code[line]?.mnemonic ?? '');
    if (exact === undefined || result === undefined || given.has(line)) return exact;
    return effect.does === 'compute' ? meet(result, this.#fitted(exact, effect, result)) : result;
  }

  /** What a datapath makes of an exact result. */
  #fitted(exact: Interval, { overflow }: Compute, result: Interval): Interval {
    const { low, high } = integerRange(this.#image.core.datapathBits, true);
    if (exact.low >= low && exact.high <= high) return exact;
    return overflow === 'saturate'
      ? interval(clamp(exact.low, low, high), clamp(exact.high, low, high))
      : result;
  }

  #whereSelected(line: number): Interval | undefined {
    let range: Interval | undefined;
    for (let reader = line + 1; reader < this.#kernel.code.length; reader++) {
      const reads = this.#sources(reader).map((operand) => this.#definitionOf(reader, operand) === line);
      if (!reads.includes(true)) continue;
      if (!selects(this.#kernel.code[reader]?.mnemonic) || reads[0]) return undefined;
      for (const holds of [true, false]) {
        const taken = reads[holds ? 1 : 2] ? this.#rangeWhere(reader, holds, 'exact') : undefined;
        if (taken !== undefined) range = range === undefined ? taken : join(range, taken);
      }
    }
    return range;
  }
}

function selects(mnemonic = ''): boolean {
  const { effect } = operationNamed(mnemonic);
  return effect.does === 'compute' && effect.selects;
}

/** What lies in both; the second, should they have nothing in common. */
function meet(a: Interval | undefined, b: Interval): Interval {
  if (a === undefined) return b;
  const both = interval(Math.max(a.low, b.low), Math.min(a.high, b.high));
  return both.low <= both.high ? both : b;
}
