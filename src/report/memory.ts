import { countFailing, type Field, type Image, layoutOf, type ProgramView } from '../image/index.ts';
import type { Basis, FieldMemory, MemoryReport, Saving } from './schema.ts';

/** The memory of an image, as allocated by the compiler, and what it saves compared with FP32. */
export function memoryOf(image: ProgramView & Partial<Pick<Image, 'cores'>>): MemoryReport {
  const fields = image.fields.map((field) => fieldMemory(image, field));
  const sum = (of: (field: FieldMemory) => number) => fields.reduce((total, field) => total + of(field), 0);
  return {
    fields,
    totalBits: sum(({ totalBits }) => totalBits),
    allocatedBits: sum(({ allocatedBits }) => allocatedBits),
    inferenceBits: sum(({ totalBits, neededFor }) => (neededFor === 'inference' ? totalBits : 0)),
    savings: savingsOf(image),
    ...(image.faults !== undefined && {
      failing: { seed: image.faults.seed, errors: image.faults.errors, banks: countFailing(image) },
    }),
  };
}

function fieldMemory(image: ProgramView, field: Field): FieldMemory {
  const { name, bits, count, neededFor } = field;
  const common = { name, bitsPerItem: bits, count, neededFor };
  if (field.layout === undefined) {
    return { ...withBank(common, null), totalBits: 0, allocatedBits: 0, neededFor };
  }
  const { bank, rows, wordsPerRow, itemsPerWord } = layoutOf(image, field);
  const words = rows * wordsPerRow;
  const bitsOfWord = (member: Field): number => member.bits * (member.perWord ? 1 : itemsPerWord);
  // The fields of a record share its words, including the bits that none of them uses.
  const recordBits = image.fields.reduce(
    (sum, other) => (other.layout === field.layout ? sum + bitsOfWord(other) : sum),
    0,
  );
  const { name: bankName, wordBits } = image.banks[bank] ?? { name: '', wordBits: 0 };
  return {
    ...withBank(common, bankName),
    totalBits: bits * (field.perWord ? words : count),
    allocatedBits: (words * wordBits * bitsOfWord(field)) / recordBits,
    neededFor,
  };
}

/** Keys in report order. */
function withBank(field: { name: string; bitsPerItem: number; count: number }, bank: string | null) {
  return { name: field.name, bank, bitsPerItem: field.bitsPerItem, count: field.count };
}

/** Bits of weights and of states, for learning and for inference alone. */
interface Sizes {
  readonly weights: number;
  readonly states: number;
  readonly inferenceWeights: number;
  readonly inferenceStates: number;
}

/** Empty at precision `own`: programs that choose their own widths have no float32 baseline. */
function savingsOf(image: ProgramView): Saving[] {
  if (image.core.precision === 'own') return [];
  const fp32 = fp32Sizes(image);
  const gradients = fp32.weights;
  const variants = variantsOf(image);
  return variants.flatMap((inferenceWeights) => {
    const sizes = integerSizes(image, inferenceWeights);
    const compared: readonly (readonly [Basis, number, number])[] = [
      ['weights', sizes.weights, fp32.weights],
      ['training', sizes.weights + sizes.states, fp32.weights + fp32.states],
      ['weights, FP32 with gradients', sizes.weights, fp32.weights + gradients],
      ['training, FP32 with gradients', sizes.weights + sizes.states, fp32.weights + fp32.states + gradients],
      ['inference weights', sizes.inferenceWeights, fp32.inferenceWeights],
      [
        'inference',
        sizes.inferenceWeights + sizes.inferenceStates,
        fp32.inferenceWeights + fp32.inferenceStates,
      ],
    ];
    // Without weights at the chosen precision, there is nothing to save on.
    return compared
      .filter(([, , fp32Bits]) => fp32Bits > 0)
      .map(([basis, bits, fp32Bits]) => ({
        basis,
        inferenceWeights,
        bits,
        fp32Bits,
        ratio: 1 - bits / fp32Bits,
      }));
  });
}

/**
 * How inference weights may be kept: both ways where storing them beside their shadow weights makes a difference. Those
 * that kernels cut are stored, since no read path knows by which shift.
 */
function variantsOf(image: ProgramView): readonly ('stored' | 'sliced')[] {
  if (image.fields.some((field) => cutFrom(image, field) !== undefined)) return ['stored'];
  const hasCopies = image.fields.some(
    ({ view, storage }) => view !== undefined && view.droppedBits > 0 && storage === 'integer',
  );
  return hasCopies ? ['stored', 'sliced'] : ['sliced'];
}

/** The shadow weight from which kernels cut an inference weight; undefined for any other field. */
function cutFrom({ fields, projections }: ProgramView, field: Field): Field | undefined {
  const owner = projections.find(({ name }) => field.name === `${name}.weight`);
  return field.view !== undefined || owner === undefined
    ? undefined
    : fields.find(({ name }) => name === `${owner.name}.shadow`);
}

/** The shadow weight that an inference weight is a view of, or is cut from; undefined for any other field. */
function shadowOf(image: ProgramView, field: Field): Field | undefined {
  return field.view === undefined ? cutFrom(image, field) : image.fields[field.view.of];
}

function integerSizes(image: ProgramView, copies: 'stored' | 'sliced'): Sizes {
  return sizesOf(image, ({ bits }) => bits, copies);
}

/**
 * Sizes of the same program on a float32 core: 32 bits for every real number, one copy of each weight; integers and
 * flags keep their widths. Equal to what the compiler allocates for the baseline.
 */
export function fp32Sizes(image: ProgramView): Sizes {
  return sizesOf(image, ({ kind, bits }) => (kind === 'real' ? 32 : bits), 'sliced');
}

function sizesOf(image: ProgramView, bitsOf: (field: Field) => number, copies: 'stored' | 'sliced'): Sizes {
  let weights = 0;
  let states = 0;
  let inferenceWeights = 0;
  let inferenceStates = 0;
  for (const field of image.fields) {
    const bits = bitsOf(field) * field.count;
    const isCopy = shadowOf(image, field) !== undefined;
    const copy = isCopy ? field : image.fields.find((other) => shadowOf(image, other) === field);
    const hasCopy = copies === 'stored' && copy !== undefined && copy.view?.droppedBits !== 0;
    if (isCopy && !hasCopy) continue;
    const isNeeded = [field, copy].some((one) => one?.neededFor === 'inference');
    // A shadow weight with a copy beside it is for learning alone; inference without a copy reads the shadow weight.
    const isInferred = hasCopy ? isCopy && isNeeded : isNeeded;
    const isWeight =
      copy !== undefined || image.projections.some(({ name }) => field.name === `${name}.weight`);
    if (isWeight) weights += bits;
    else states += bits;
    if (isInferred && isWeight) inferenceWeights += bits;
    else if (isInferred) inferenceStates += bits;
  }
  return { weights, states, inferenceWeights, inferenceStates };
}
