import {
  type BoundKernel,
  type CoreImage,
  type Field,
  factsOf,
  fieldRange,
  type ImageInstruction,
  type ImageOperand,
  loadedField,
} from '../../../../image/index.ts';
import {
  domainNamed,
  findDefinitions,
  findReaders,
  findVariations,
  type InstructionRange,
  join,
  operationNamed,
  type ValueRange,
  valueRange,
} from '../../../../isa/index.ts';
import { vectorBits } from '../../../../wasm/index.ts';
import { blockOf, columnsInRow, unitOf } from './columns.ts';
import { keepsToTiles, type Segmentation, vectorsOver } from './segments.ts';

/** How a kernel's items are processed: in vectors of this many lanes of a type, or one by one. */
export type LaneShape = 'i16x8' | 'i32x4' | 'f32x4' | 'one';

/** Columns of one vector. */
export const columnsOfVector: Readonly<Record<LaneShape, 8 | 4 | 1>> = {
  i16x8: 8,
  i32x4: 4,
  f32x4: 4,
  one: 1,
};

export interface ChosenLanes {
  readonly lanes: LaneShape;
  /** Why no wider vectors, for people. */
  readonly because: string;
}

const int16 = valueRange(-(2 ** 15), 2 ** 15 - 1);
const int32 = valueRange(-(2 ** 31), 2 ** 31 - 1);

/** Chooses the widest vectors that the interval analysis proves safe. */
export function chooseLanes(
  kernel: BoundKernel,
  image: CoreImage,
  ranges: readonly InstructionRange[],
  segmentation: Segmentation | undefined,
): ChosenLanes {
  const { lanes } = image.core;
  if (domainNamed(kernel.domain).single || columnsInRow(kernel, image) < 4)
    return { lanes: 'one', because: 'one item' };
  // Segments are whole vectors on a core of any lanes, where these do not matter.
  const areFree = segmentation !== undefined && lanes % 4 !== 0 && !keepsToTiles(kernel);
  if (lanes % 4 !== 0 && !areFree)
    return { lanes: 'one', because: `${lanes} lanes are not whole vectors of 4` };
  const segments = vectorsOver(kernel, segmentation, lanes);
  const limits = new LaneLimits(kernel, image, ranges);
  const againstVectors =
    declaredAgainstVectors(kernel, image, segmentation) ??
    partAgainstVectors(kernel, image) ??
    (factsOf(kernel).namesPositions ? positionsAgainstVectors(kernel, image, segmentation) : undefined) ??
    (factsOf(kernel).sends ? 'each spike carries a value of its own' : undefined) ??
    (segments.widest < 4 ? segments.because : limits.against32());
  if (againstVectors !== undefined) return { lanes: 'one', because: againstVectors };
  const against8 =
    (segments.widest < 8 ? segments.because : limits.against16()) ??
    (lanes % 8 === 0 || areFree ? undefined : `${lanes} lanes are not whole vectors of 8`);
  if (against8 === undefined) return { lanes: 'i16x8', because: 'every value fits 16 bits' };
  const hasFloats = kernel.code.some(({ arithmetic }) => arithmetic === 'real');
  return { lanes: hasFloats ? 'f32x4' : 'i32x4', because: against8 };
}

/** Vectors take the words of declared generators only where lanes have neighbouring words of 32 bits. */
function declaredAgainstVectors(
  kernel: BoundKernel,
  image: CoreImage,
  segmentation: Segmentation | undefined,
): string | undefined {
  const { lanes } = image.core;
  for (const { operands } of kernel.code) {
    for (const operand of operands) {
      const generator = operand.is === 'generator' ? image.generators[operand.generator] : undefined;
      if (generator === undefined) continue;
      const areLanes = generator.wordBits === 32 && generator.lanes === lanes && generator.words >= lanes;
      const isAligned = generator.bitsPerAdvance % vectorBits === 0 && blockOf(lanes) === lanes;
      // A segment may start within a group of lanes.
      const isWhole = columnsInRow(kernel, image) % lanes === 0 && segmentation === undefined;
      if (!areLanes || !isAligned || !isWhole) return `words of ${generator.name} are no vectors`;
    }
  }
  return undefined;
}

/** Vectors end with the visited columns; the remaining items are processed one by one, if that is as good. */
function partAgainstVectors(kernel: BoundKernel, image: CoreImage): string | undefined {
  const { lanes } = image.core;
  if (factsOf(kernel).asksAny && columnsInRow(kernel, image) % lanes !== 0)
    return 'any is of items alone, and the last tile has fewer than lanes';
  if (kernel.columns === undefined || kernel.columnGate !== undefined) return undefined;
  if (kernel.columns % unitOf(kernel, lanes) === 0) return undefined;
  const { draws, reduces } = factsOf(kernel);
  const isOnePass = kernel.domain === 'neurons' || kernel.domain === 'row';
  return draws > 0 || reduces || !isOnePass ? `${kernel.columns} columns are not whole vectors` : undefined;
}

/** Why items are not taken as vectors: beyond the last column, a vector would name what no neuron has. */
function positionsAgainstVectors(
  kernel: BoundKernel,
  image: CoreImage,
  segmentation: Segmentation | undefined,
): string | undefined {
  const { code } = kernel;
  const variations = findVariations(code);
  const definitions = findDefinitions(code);
  const isOfItem = code.some(({ mnemonic, operands }, line) => {
    const { effect } = operationNamed(mnemonic);
    if (effect.does === 'correlate') return true;
    const position = 'at' in effect ? operands[2] : undefined;
    const definition = position?.is === 'register' ? definitions[line]?.get(position.register) : undefined;
    return definition !== undefined && variations[definition]?.byColumn !== 'no';
  });
  if (!isOfItem) return undefined;
  const isWhole =
    segmentation === undefined && columnsInRow(kernel, image) % unitOf(kernel, image.core.lanes) === 0;
  return isWhole ? undefined : 'each item names a position of its own, and the last vector is no whole one';
}

/** Reasons against lanes of 32 or 16 bits. */
class LaneLimits {
  readonly #kernel: BoundKernel;
  readonly #image: CoreImage;
  readonly #ranges: readonly InstructionRange[];
  readonly #readers: readonly (readonly number[])[];

  constructor(kernel: BoundKernel, image: CoreImage, ranges: readonly InstructionRange[]) {
    this.#kernel = kernel;
    this.#image = image;
    this.#ranges = ranges;
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
      if (!wraps && beyond(this.#ranges[line]?.exact, int32)) return `${mnemonic} may exceed 32 bits`;
      if (beyond(this.#product(line), int32)) return `the product of ${mnemonic} may exceed 32 bits`;
    }
    return undefined;
  }

  against16(): string | undefined {
    for (const [line, instruction] of this.#kernel.code.entries()) {
      const reason = this.#against16(instruction, line);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  #against16({ mnemonic, arithmetic, operands }: ImageInstruction, line: number): string | undefined {
    if (arithmetic === 'real') return 'floats have 32 bits';
    const { effect, kinds } = operationNamed(mnemonic);
    const ranges = this.#ranges[line]?.operands ?? [];
    const wide = ranges.find((range) => beyond(range, int16));
    if (wide !== undefined && effect.does === 'compute')
      return `${mnemonic} takes ${wide.low} to ${wide.high}`;
    if (effect.does === 'reduce')
      return effect.joins === 'sum' ? undefined : 'the largest of a row is found in 32 bits';
    const wideField = this.#fieldAgainst16(operands);
    if (wideField !== undefined) return wideField;
    const exact = this.#ranges[line]?.exact;
    const isHeld =
      maySaturateAt16(this.#kernel, line, this.#readers[line] ?? [], this.#image) ||
      isDiscardedBeyond16(this.#kernel, line, this.#ranges);
    if (beyond(exact, int16) && !isHeld) return `${mnemonic} may give ${exact?.low} to ${exact?.high}`;
    if (effect.does !== 'compute') return undefined;
    if (beyond(this.#product(line), int16)) return `the product of ${mnemonic} may exceed 16 bits`;
    const amount = ranges.find((_, index) => kinds[index + 1] === '-');
    if (amount !== undefined && beyond(amount, valueRange(-15, 15)))
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

  #product(line: number): ValueRange | undefined {
    const { effect } = operationNamed(this.#kernel.code[line]?.mnemonic ?? '');
    const ranges = this.#ranges[line]?.operands ?? [];
    const known = ranges.filter((range) => range !== undefined);
    if (effect.does !== 'compute' || known.length < ranges.length) return undefined;
    return effect.product?.(known);
  }
}

/** Whether a sum may wrap at 16 bits: only selects read it, and take something else where it wraps. */
export function isDiscardedBeyond16(
  { code }: BoundKernel,
  line: number,
  ranges: readonly InstructionRange[],
): boolean {
  const taken = ranges[line]?.selected;
  return (
    isSum(code[line]) && beyond(ranges[line]?.exact, int16) && taken !== undefined && !beyond(taken, int16)
  );
}

/**
 * Whether a plain or saturating sum may saturate at 16 bits instead of where it should: every reader is a store into
 * an integer field that saturates within 16 bits, where the two come to the same.
 */
export function maySaturateAt16(
  { code }: BoundKernel,
  line: number,
  readers: readonly number[],
  { fields, core }: CoreImage,
): boolean {
  if (!isSum(code[line]) || core.datapathBits < 16) return false;
  return readers.every((reader) => {
    const { mnemonic = '', operands = [] } = code[reader] ?? {};
    const field = operands[1]?.is === 'field' ? fields[operands[1].field] : undefined;
    if (operationNamed(mnemonic).effect.does !== 'store' || field === undefined) return false;
    const range = rangeOfField(field);
    return field.overflow !== 'wrap' && range !== undefined && !beyond(join(range, valueRange(0, 0)), int16);
  });
}

function isSum(instruction: ImageInstruction | undefined): boolean {
  if (instruction === undefined) return false;
  const { effect } = operationNamed(instruction.mnemonic);
  return effect.does === 'compute' && effect.isSum && effect.overflow !== 'wrap';
}

function rangeOfField(field: Field): ValueRange | undefined {
  return field.storage === 'float32' ? undefined : fieldRange(field);
}

function beyond(range: ValueRange | undefined, bounds: ValueRange): boolean {
  return range !== undefined && (range.low < bounds.low || range.high > bounds.high);
}
