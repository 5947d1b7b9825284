import type { ChipModel } from '../hardware/index.ts';
import type { CoreImage, ProgramView } from './image.ts';
import type { FieldPart, Image, PlacedCore, SpreadImage } from './placed.ts';

/** An image without the contents of its banks. */
export function viewOf({ contents: _, ...view }: CoreImage): ProgramView {
  return view;
}

/** The image of a program whose one core executes its lists, or answers to a controller. */
export function imageOfCore(core: CoreImage): Image {
  return imageOfAlike(core, viewOf(core), 1);
}

/**
 * The image of a chip whose cores all start as one that was compiled, each with neurons of its own: core c has those
 * from c x size on. Its controller decides what they hold.
 */
export function imageOfAlikeCores(core: CoreImage, chip: ChipModel, count: number): Image {
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
  return { ...imageOfAlike(core, view, count), chip };
}

function imageOfAlike(core: CoreImage, view: ProgramView, count: number): Image {
  const numbers = Array.from({ length: count }, (_, number) => number);
  return {
    ...view,
    cores: numbers.map(
      (number): PlacedCore => ({
        number,
        image: core,
        populations: core.populations.map(({ size }, population) => ({
          population,
          first: number * size,
          isCopy: false,
        })),
        fields: core.fields.map(
          (field, index): FieldPart => ({
            field: index,
            rowLength: field.count,
            wholeRowLength: field.count * count,
            firstColumn: number * field.count,
            isCopy: false,
          }),
        ),
        work: core.work.map((_, work) => work),
      }),
    ),
    placement: Object.fromEntries(
      core.populations.map(({ name, size }) => [
        name,
        numbers.map((number) => ({ first: number * size, size, core: number })),
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
  if (items !== undefined) return items[item] ?? 0;
  const row = Math.floor(item / rowLength);
  return row * wholeRowLength + firstColumn + item - row * rowLength;
}
