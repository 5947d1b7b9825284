import { type ChipModel, coreNumbers } from '../hardware/index.ts';
import { at, wordAt } from '../text/index.ts';
import { writtenFields } from './accesses.ts';
import { kernelsByPhase } from './actions.ts';
import type { CoreImage, Field, ProgramView } from './image.ts';
import { Memory, valuesFor } from './memory.ts';
import type { FieldPart, Image, PlacedCore, SpreadImage } from './placed.ts';

/** An image without the contents of its banks. */
export function viewOf({ contents: _, ...view }: CoreImage): ProgramView {
  return view;
}

/** The image of a program whose one core executes its lists, or answers to a controller. */
export function imageOfCore(core: CoreImage): Image {
  return imageOfAlike(core, viewOf(core), [0]);
}

/**
 * The image of a chip under a controller of its own, whose cores are all as one that was compiled, each with neurons of
 * its own: the c-th core has those from c x size on.
 *
 * @param contents what each core starts with; if absent, all start as the one that was compiled
 */
export function imageOfAlikeCores(
  core: CoreImage,
  chip: ChipModel,
  contents?: readonly CoreImage['contents'][],
): Image {
  const numbers = coreNumbers(chip.mesh);
  const count = numbers.length;
  const { banks, layouts, fields, populations } = core;
  const view: ProgramView = {
    ...viewOf(core),
    banks: banks.map((bank) => ({
      ...bank,
      usedWords: count * bank.usedWords,
      capacityBits: count * bank.capacityBits,
    })),
    layouts: layouts.map((layout) => ({ ...layout, rows: count * layout.rows })),
    fields: fields.map((field) => ({ ...field, count: count * field.count })),
    populations: populations.map((population) => ({ ...population, size: count * population.size })),
  };
  return { ...imageOfAlike(core, view, numbers, contents), chip };
}

function imageOfAlike(
  core: CoreImage,
  view: ProgramView,
  numbers: readonly number[],
  contents?: readonly CoreImage['contents'][],
): Image {
  return {
    ...view,
    cores: numbers.map(
      (number, position): PlacedCore => ({
        number,
        image: contents === undefined ? core : { ...core, contents: at(contents, position) },
        populations: core.populations.map(({ size }, population) => ({
          population,
          first: position * size,
          isCopy: false,
        })),
        fields: core.fields.map(
          (field, index): FieldPart => ({
            field: index,
            rowLength: field.count,
            wholeRowLength: field.count * numbers.length,
            firstColumn: position * field.count,
            isCopy: false,
          }),
        ),
        work: core.work.map((_, work) => work),
      }),
    ),
    placement: Object.fromEntries(
      core.populations.map(({ name, size }) => [
        name,
        numbers.map((core, position) => ({ first: position * size, size, core })),
      ]),
    ),
  };
}

/** Whether the cores of an image execute its lists together. */
export function isSpread(image: Image): image is SpreadImage {
  return image.lists !== undefined;
}

/**
 * The image of a program's only core, or the one that all cores of a chip with a controller start as.
 *
 * @throws Error where each core holds a part of the program
 */
export function coreImageOf(image: Image): CoreImage {
  const [first] = image.cores;
  if (first === undefined || isSpread(image)) throw new Error(`each core holds a part of '${image.program}'`);
  return first.image;
}

/** The number of an item in the whole field. */
export function wholeItem(
  { rowLength, wholeRowLength, firstColumn, items }: FieldPart,
  item: number,
): number {
  if (items !== undefined) return wordAt(items, item);
  const row = Math.floor(item / rowLength);
  return row * wholeRowLength + firstColumn + item - row * rowLength;
}

/** The items of a core's part of a field, from those of the whole field. */
export function itemsOfPart(part: FieldPart, field: Field, whole: ArrayLike<number>): ArrayLike<number> {
  const values = valuesFor(field, field.count);
  for (let item = 0; item < field.count; item++) values[item] = at(whole, wholeItem(part, item));
  return values;
}

/**
 * The fields, by index, with the results of learning: weights and shadow weights, other fields of synapses that only
 * learning writes, so that it can go on from there, and those of neurons that inference needs as well, such as adaptive
 * thresholds. If a controller decides when the core learns, all fields of synapses that a kernel writes.
 */
export function learntFields(image: ProgramView): number[] {
  const { core, fields, projections } = image;
  const { inference, learning } = kernelsByPhase(image.events);
  const [inInference, inLearning] = [inference, learning].map((kernels) => writtenBy(image, kernels));
  const synapses = projections.map(({ name }) => `${name}.`);
  return [...fields.keys()].filter((index) => {
    const field = fields[index];
    if (field === undefined || field.fixed === true) return false;
    const isOfSynapses = synapses.some((owner) => field.name.startsWith(owner));
    if (isOfSynapses && /\.(weight|shadow)$/.test(field.name)) return true;
    if (core.controller !== undefined) return isOfSynapses && inInference?.has(index) === true;
    const isLearnt = inLearning?.has(index) === true && inInference?.has(index) !== true;
    return isLearnt && (isOfSynapses || field.neededFor === 'inference');
  });
}

function writtenBy({ kernels }: ProgramView, indices: Iterable<number>): ReadonlySet<number> {
  return new Set([...indices].flatMap((index) => writtenFields(at(kernels, index))));
}

/**
 * An image that starts with the results of a machine's learning.
 *
 * @param read the items of a field of the program, by its index
 * @param samples the number of samples from which it has learnt
 */
export function learntImage(
  image: Image,
  read: (field: number) => ArrayLike<number>,
  samples: number,
): Image {
  const items = new Map(learntFields(image).map((index) => [index, read(index)]));
  const before = image.provenance.learnt?.samples ?? 0;
  const provenance = { ...image.provenance, learnt: { samples: before + samples } };
  return {
    ...image,
    cores: image.cores.map((core) => ({
      ...core,
      image: { ...core.image, contents: contentsWith(core, items), provenance },
    })),
    provenance,
  };
}

/** The initial bits of a core's banks, except for its parts of some fields. */
function contentsWith(
  { image, fields }: PlacedCore,
  items: ReadonlyMap<number, ArrayLike<number>>,
): readonly Uint32Array[] {
  const memory = new Memory(image);
  for (const [index, field] of image.fields.entries()) {
    const part = fields[index];
    const from = items.get(part?.field ?? -1);
    // A view follows its shadow weight.
    if (part === undefined || from === undefined || field.layout === undefined || field.view !== undefined)
      continue;
    memory.write(image, field, itemsOfPart(part, field, from));
  }
  return memory.banks;
}
