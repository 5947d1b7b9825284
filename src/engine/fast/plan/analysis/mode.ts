import {
  type BoundKernel,
  type Field,
  factsOf,
  fieldRange,
  type Image,
  type ImageInstruction,
  type ImageOperand,
  loadedField,
  rangesOfKernel,
} from '../../../../image/index.ts';
import {
  domainNamed,
  findReaders,
  type InstructionRange,
  type Interval,
  interval,
  join,
  operationNamed,
} from '../../../../isa/index.ts';
import { vectorBits } from '../../builder/index.ts';
import { blockOf, columnsOf, unitOf } from './columns.ts';
import { segmentationOf, vectorsOver } from './segments.ts';

/** How a kernel's items are carried out: eight or four at a time, or one by one. */
export type Mode = 'vector16' | 'vector32' | 'scalar';

export interface ChosenMode {
  readonly mode: Mode;
  /** Why no wider vectors, for people. */
  readonly reason: string;
  /** For each instruction: whether it may saturate at 16 bits, since only stores that saturate there read it. */
  readonly saturates: readonly boolean[];
  /** For each instruction: whether what 16 bits do not hold of its results is discarded by the selects that read it. */
  readonly isDiscarded: readonly boolean[];
  /** For each instruction: the range of its integer result. */
  readonly ranges: readonly (Interval | undefined)[];
}

const int16 = interval(-(2 ** 15), 2 ** 15 - 1);
const int32 = interval(-(2 ** 31), 2 ** 31 - 1);

/** Chooses the widest vectors that the interval analysis proves safe. */
export function chooseMode(kernel: BoundKernel, image: Image): ChosenMode {
  const analysis = new Analysis(kernel, image);
  const { lanes } = image.core;
  const saturates = kernel.code.map((_, line) => analysis.onlySaturatingStoresRead(line));
  const isDiscarded = kernel.code.map((_, line) => analysis.isDiscardedBeyond16(line));
  const common = { saturates, isDiscarded, ranges: analysis.ranges.map(({ result }) => result) };
  if (domainNamed(kernel.domain).single || columnsOf(kernel, image) < 4)
    return { ...common, mode: 'scalar', reason: 'one item' };
  if (lanes % 4 !== 0)
    return { ...common, mode: 'scalar', reason: `${lanes} lanes are not whole vectors of 4` };
  const againstVectors = declaredAgainstVectors(kernel, image) ?? partAgainstVectors(kernel, image);
  if (againstVectors !== undefined) return { ...common, mode: 'scalar', reason: againstVectors };
  const segments = vectorsOver(kernel, image);
  const against32 = segments.widest < 4 ? segments.reason : analysis.against32();
  if (against32 !== undefined) return { ...common, mode: 'scalar', reason: against32 };
  const against16 = segments.widest < 8 ? segments.reason : analysis.against16(saturates);
  if (against16 !== undefined) return { ...common, mode: 'vector32', reason: against16 };
  if (lanes % 8 !== 0)
    return { ...common, mode: 'vector32', reason: `${lanes} lanes are not whole vectors of 8` };
  return { ...common, mode: 'vector16', reason: 'every value fits 16 bits' };
}

/** Vectors take the words of declared generators only where lanes have neighbouring words of 32 bits. */
function declaredAgainstVectors(kernel: BoundKernel, image: Image): string | undefined {
  const { lanes } = image.core;
  for (const { operands } of kernel.code) {
    for (const operand of operands) {
      const generator = operand.is === 'generator' ? image.generators[operand.generator] : undefined;
      if (generator === undefined) continue;
      const areLanes = generator.wordBits === 32 && generator.lanes === lanes && generator.words >= lanes;
      const isAligned = generator.bitsPerAdvance % vectorBits === 0 && blockOf(lanes) === lanes;
      // A segment may start within a group of lanes.
      const isWhole = columnsOf(kernel, image) % lanes === 0 && segmentationOf(kernel, image) === undefined;
      if (!areLanes || !isAligned || !isWhole) return `words of ${generator.name} are no vectors`;
    }
  }
  return undefined;
}

/** Vectors end where the columns do that are visited; what they cannot cover is carried out one by one, if that is as good. */
function partAgainstVectors(kernel: BoundKernel, image: Image): string | undefined {
  const { lanes } = image.core;
  if (factsOf(kernel).asksAny && columnsOf(kernel, image) % lanes !== 0)
    return 'any is of items alone, and the last tile has fewer than lanes';
  if (kernel.columns === undefined || kernel.columnGate !== undefined) return undefined;
  if (kernel.columns % unitOf(kernel, lanes) === 0) return undefined;
  const { draws, reduces } = factsOf(kernel);
  const isOnePass = kernel.domain === 'neurons' || kernel.domain === 'row';
  return draws > 0 || reduces || !isOnePass ? `${kernel.columns} columns are not whole vectors` : undefined;
}

/** What stands against lanes of 32 or 16 bits. */
class Analysis {
  readonly #kernel: BoundKernel;
  readonly #image: Image;
  readonly ranges: readonly InstructionRange[];
  readonly #readers: readonly (readonly number[])[];

  constructor(kernel: BoundKernel, image: Image) {
    this.#kernel = kernel;
    this.#image = image;
    this.ranges = rangesOfKernel(kernel, image);
    this.#readers = findReaders(kernel.code);
  }

  against32(): string | undefined {
    for (const [line, instruction] of this.#kernel.code.entries()) {
      const { mnemonic } = instruction;
      const { effect } = operationNamed(mnemonic);
      if (instruction.arithmetic === 'real') {
        if (effect.does === 'reduce' && this.#image.core.lanes % 16 !== 0) {
          return 'reduce of floats keeps 16 partial sums, and the lanes are no multiple of 16';
        }
        continue;
      }
      const wraps = effect.does === 'compute' && effect.overflow === 'wrap';
      if (!wraps && beyond(this.ranges[line]?.exact, int32)) return `${mnemonic} may exceed 32 bits`;
      if (beyond(this.#product(line), int32)) return `the product of ${mnemonic} may exceed 32 bits`;
    }
    return undefined;
  }

  against16(saturates: readonly boolean[]): string | undefined {
    for (const [line, instruction] of this.#kernel.code.entries()) {
      const reason = this.#against16(instruction, line, saturates[line] ?? false);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  #against16(
    { mnemonic, arithmetic, operands }: ImageInstruction,
    line: number,
    saturates: boolean,
  ): string | undefined {
    if (arithmetic === 'real') return 'floats have 32 bits';
    const { effect, kinds } = operationNamed(mnemonic);
    const ranges = this.ranges[line]?.operands ?? [];
    const wide = ranges.find((range) => beyond(range, int16));
    if (wide !== undefined && effect.does === 'compute')
      return `${mnemonic} takes ${wide.low} to ${wide.high}`;
    if (effect.does === 'reduce') return undefined;
    const wideField = this.#fieldAgainst16(operands);
    if (wideField !== undefined) return wideField;
    const exact = this.ranges[line]?.exact;
    if (beyond(exact, int16) && !saturates && !this.isDiscardedBeyond16(line))
      return `${mnemonic} may give ${exact?.low} to ${exact?.high}`;
    if (effect.does !== 'compute') return undefined;
    if (beyond(this.#product(line), int16)) return `the product of ${mnemonic} may exceed 16 bits`;
    const amount = ranges.find((_, index) => kinds[index + 1] === '-');
    if (amount !== undefined && beyond(amount, interval(-15, 15)))
      return `${mnemonic} shifts by up to ${amount.high}`;
    const mayBeNegative = ranges.some((range) => range !== undefined && range.low < 0);
    if (effect.reads === 'registers' && mayBeNegative) return `${mnemonic} reads 32 bits`;
    return undefined;
  }

  #fieldAgainst16(operands: readonly ImageOperand[]): string | undefined {
    for (const operand of operands) {
      if (operand.is !== 'field') continue;
      const named = this.#image.fields[operand.field];
      for (const field of [named, loadedField(this.#image.fields, operand.field)]) {
        if (field !== undefined && beyond(rangeOfField(field), int16)) {
          return `${field.name} has ${field.bits} bits`;
        }
      }
    }
    return undefined;
  }

  #product(line: number): Interval | undefined {
    const { effect } = operationNamed(this.#kernel.code[line]?.mnemonic ?? '');
    const ranges = this.ranges[line]?.operands ?? [];
    const known = ranges.filter((range) => range !== undefined);
    if (effect.does !== 'compute' || known.length < ranges.length) return undefined;
    return effect.product?.(known);
  }

  /** Whether a sum may wrap at 16 bits: only selects read it, and take something else where it wraps. */
  isDiscardedBeyond16(line: number): boolean {
    const taken = this.ranges[line]?.selected;
    const instruction = this.#kernel.code[line];
    const isBeyond = beyond(this.ranges[line]?.exact, int16);
    return (
      isBeyond &&
      instruction !== undefined &&
      isSum(instruction) &&
      taken !== undefined &&
      !beyond(taken, int16)
    );
  }

  /**
   * Whether a plain or saturating sum may saturate at 16 bits instead of where it should: every reader is a store into
   * an integer field that saturates within 16 bits, where the two come to the same.
   */
  onlySaturatingStoresRead(line: number): boolean {
    const { code } = this.#kernel;
    const instruction = code[line];
    if (instruction === undefined || !isSum(instruction) || this.#image.core.datapathBits < 16) return false;
    return (this.#readers[line] ?? []).every((reader) => {
      const { mnemonic = '', operands = [] } = code[reader] ?? {};
      const field = operands[1]?.is === 'field' ? this.#image.fields[operands[1].field] : undefined;
      if (operationNamed(mnemonic).effect.does !== 'store' || field === undefined) return false;
      const range = rangeOfField(field);
      return field.overflow !== 'wrap' && range !== undefined && !beyond(join(range, interval(0, 0)), int16);
    });
  }
}

function isSum({ mnemonic }: ImageInstruction): boolean {
  const { effect } = operationNamed(mnemonic);
  return effect.does === 'compute' && effect.isSum && effect.overflow !== 'wrap';
}

function rangeOfField(field: Field): Interval | undefined {
  return field.storage === 'float32' ? undefined : fieldRange(field);
}

function beyond(range: Interval | undefined, bounds: Interval): boolean {
  return range !== undefined && (range.low < bounds.low || range.high > bounds.high);
}
