import { at } from '../arrays/index.ts';
import { type ChipModel, coreNumbers } from '../hardware/index.ts';
import type { CoreImage, ProgramView } from './image.ts';
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
  if (items !== undefined) return items[item] ?? 0;
  const row = Math.floor(item / rowLength);
  return row * wholeRowLength + firstColumn + item - row * rowLength;
}
