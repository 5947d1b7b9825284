import { does } from '../../isa/index.ts';
import type { CoreImage, Field, Layout, ProgramView } from '../image.ts';
import { heldRange, Memory, mostBankBits } from '../memory.ts';
import { spreadController } from '../placed.ts';
import { indexItems, indexKeys } from '../segment-index.ts';
import { suppliedTo } from '../spikes.ts';
import { expect, fail, itemAt } from './fault.ts';

/** Checks banks, layouts and fields: everything lies within its bank, and nothing overlaps. */
export function checkMemory(image: ProgramView): void {
  const { banks, layouts, fields } = image;
  for (const [index, { wordBits, usedWords }] of banks.entries()) {
    const bits = wordBits * usedWords;
    expect(bits <= mostBankBits, ['banks', index, 'usedWords'], () => `${bits} bits are too many`);
  }
  for (const [index, layout] of layouts.entries()) checkLayout(image, layout, ['layouts', index]);
  for (const index of banks.keys()) checkApart(layouts, index);
  checkRates(image);
  for (const [index, field] of fields.entries()) {
    checkField(image, field, index);
    checkFaulty(image, field, index);
  }
  for (const index of layouts.keys()) checkItems(image, index);
}

/** Cells fail on a core that runs samples, alone or with others. */
function checkRates({ faults, banks, core }: ProgramView): void {
  if (faults === undefined) return;
  const { length } = faults.rates;
  expect(length === banks.length, ['faults', 'rates'], () => `expected ${banks.length}, found ${length}`);
  const isFree = core.controller === undefined || core.controller === spreadController;
  expect(isFree, ['faults'], () => 'the core has a controller');
}

/** The fields of a bank whose cells fail are integers that kernels alone make something of. */
function checkFaulty(image: ProgramView, field: Field, index: number): void {
  const { faults, layouts, events } = image;
  const bank = layouts[field.layout ?? -1]?.bank;
  const rate = bank === undefined ? 0 : (faults?.rates[bank] ?? 0);
  const path = ['fields', index, 'faulty'];
  expect((field.faulty === true) === rate > 0, path, () => `the cells of its bank fail at a rate of ${rate}`);
  if (field.faulty !== true) return;
  const isRing = events.delayed.some((delayed) => delayed.field === index);
  const isPlain = field.storage === 'integer' && field.fixed !== true && !isRing;
  expect(isPlain, path, () => 'no cell of such a field may fail');
}

function checkLayout({ banks }: ProgramView, layout: Layout, path: readonly PropertyKey[]): void {
  const { bank, firstWord, rows, rowLength, itemBits, itemsPerWord, wordsPerRow } = layout;
  const { wordBits, usedWords } = itemAt(banks, bank, [...path, 'bank'], 'bank');
  expect(itemsPerWord * itemBits <= wordBits, [...path, 'itemsPerWord'], () => `a word has ${wordBits} bits`);
  const words = Math.ceil(rowLength / itemsPerWord);
  expect(wordsPerRow === words, [...path, 'wordsPerRow'], () => `expected ${words}, found ${wordsPerRow}`);
  const end = firstWord + rows * wordsPerRow;
  expect(end <= usedWords, [...path, 'firstWord'], () => `ends at word ${end}; the bank uses ${usedWords}`);
}

function checkApart(layouts: readonly Layout[], bank: number): void {
  const inOrder = layouts
    .map((layout, index) => ({ layout, index }))
    .filter(({ layout }) => layout.bank === bank)
    .sort((a, b) => a.layout.firstWord - b.layout.firstWord);
  let next = 0;
  for (const { layout, index } of inOrder) {
    const { firstWord, rows, wordsPerRow } = layout;
    expect(firstWord >= next, ['layouts', index, 'firstWord'], () => `word ${firstWord} is another layout's`);
    next = firstWord + rows * wordsPerRow;
  }
}

function checkField(image: ProgramView, field: Field, index: number): void {
  const { core, fields, layouts } = image;
  const path = ['fields', index];
  const isFloat = field.storage === 'float32';
  if (isFloat) {
    const isPossible =
      core.arithmetic === 'float32' && field.kind === 'real' && field.bits === 32 && field.signed;
    expect(isPossible, [...path, 'storage'], () => 'floats are signed reals of 32 bits on a float32 core');
  } else {
    expect(
      core.arithmetic !== 'float32' || field.kind !== 'real',
      [...path, 'storage'],
      () => 'reals are floats',
    );
    const most = core.datapathBits - (field.signed ? 0 : 1);
    const isHeld = field.bits <= most || !isComputedWith(image, index);
    expect(isHeld, [...path, 'bits'], () => `the datapath holds ${most}, found ${field.bits}`);
  }
  if (field.kind === 'flag')
    expect(field.bits === 1 && !field.signed, [...path, 'bits'], () => 'a flag has one bit');
  const { rows, rowLength } = shapeOf(image, index, path);
  expect(field.count === rows * rowLength, [...path, 'count'], () => `expected ${rows * rowLength} items`);
  if (field.layout !== undefined) {
    const layout = itemAt(layouts, field.layout, [...path, 'layout'], 'layout');
    const isSame = layout.rows === rows && layout.rowLength === rowLength;
    expect(isSame, [...path, 'layout'], () => `layout ${field.layout} has another shape than its owner`);
  }
  if (field.view !== undefined) {
    const { of, droppedBits } = field.view;
    const shadow = itemAt(fields, of, [...path, 'view', 'of'], 'field');
    const isShadow = shadow.view === undefined && shadow.layout !== undefined && of !== index;
    expect(
      isShadow && shadow.count === field.count,
      [...path, 'view', 'of'],
      () => 'not a stored shadow weight',
    );
    expect(shadow.storage === field.storage, [...path, 'view', 'of'], () => 'of another storage');
    const isLess = isFloat || droppedBits + field.bits === shadow.bits;
    expect(
      isLess,
      [...path, 'view', 'droppedBits'],
      () => `${shadow.bits} bits less ${droppedBits} are not ${field.bits}`,
    );
    const isSaturating = field.signed && shadow.signed && field.overflow === 'saturate';
    expect(isSaturating, [...path, 'view'], () => 'a view is signed and saturates');
    if (field.layout !== undefined)
      expect(
        shadow.storedView === index,
        [...path, 'view', 'of'],
        () => 'the shadow does not name its stored view',
      );
  } else expect(field.layout !== undefined, [...path, 'layout'], () => 'neither stored nor a view');
  if (field.storedView === undefined) return;
  const view = itemAt(fields, field.storedView, [...path, 'storedView'], 'field');
  const isView = view.view?.of === index && view.layout !== undefined;
  expect(isView, [...path, 'storedView'], () => 'not the stored view of this field');
}

/** Whether a kernel loads or stores a field: not an index, spikes that wait, or the partial sums of several cores. */
function isComputedWith({ kernels }: ProgramView, index: number): boolean {
  return kernels.some(({ code }) =>
    code.some(
      (line) =>
        !does(line, 'reduce') &&
        line.operands.some((operand) => operand.is === 'field' && operand.field === index),
    ),
  );
}

/** Rows and items per row, derived from the owner in a field's name. A ring of spikes has a row for each step. */
function shapeOf(image: ProgramView, index: number, path: readonly PropertyKey[]) {
  const { name, fixed, positions } = itemAt(image.fields, index, path, 'field');
  const [owner] = name.split('.');
  const population = image.populations.find((candidate) => candidate.name === owner);
  const ring = image.events.delayed.find(({ field }) => field === index);
  const mayHavePositions = population !== undefined && ring === undefined;
  expect(positions === undefined || mayHavePositions, [...path, 'positions'], () => 'only neurons have them');
  const rows = ring?.lists.at(-1)?.delay ?? positions ?? 1;
  if (population !== undefined)
    return { rows, rowLength: ring === undefined ? population.size : suppliedTo(population) };
  const projection = image.projections.find((candidate) => candidate.name === owner);
  if (projection === undefined)
    fail([...path, 'name'], `'${owner}' is neither a population nor a projection`);
  if (fixed === true) return { rows: 1, rowLength: projection.segments.length.length };
  return { rows: projection.weightRows, rowLength: projection.weightRowLength };
}

/** The fields of a layout share its items' bits, or those after the items of a word, and do not overlap. */
function checkItems({ banks, layouts, fields }: ProgramView, index: number): void {
  const layout = itemAt(layouts, index, ['layouts', index], 'layout');
  const wordBits = banks[layout.bank]?.wordBits ?? 0;
  const behind = layout.itemsPerWord * layout.itemBits;
  const taken: { readonly from: number; readonly to: number }[] = [];
  for (const [at, { layout: own, bits, bitOffset, perWord }] of fields.entries()) {
    if (own !== index) continue;
    const path = ['fields', at, 'bitOffset'];
    const [from, to] = [bitOffset, bitOffset + bits];
    const isInside = perWord ? from >= behind && to <= wordBits : to <= layout.itemBits;
    expect(isInside, path, () => `bits ${from} to ${to - 1} are outside of the ${perWord ? 'word' : 'item'}`);
    const start = perWord ? from : from - layout.itemBits;
    const range = { from: start, to: start + bits };
    const isApart = taken.every((other) => other.to <= range.from || range.to <= other.from);
    expect(isApart, path, () => `bits ${from} to ${to - 1} are another field's`);
    taken.push(range);
  }
}

/** Checks the contents of banks: each item is a value of its field, and an index matches its synapses' targets. */
export function checkBankContents(image: CoreImage): void {
  const { banks, contents, projections } = image;
  expect(
    contents.length === banks.length,
    ['contents'],
    () => `expected one for each of ${banks.length} banks`,
  );
  for (const [index, { wordBits, usedWords }] of banks.entries()) {
    const elements = Math.ceil((wordBits * usedWords) / 32);
    const length = contents[index]?.length;
    expect(length === elements, ['contents', index], () => `expected ${elements} elements, found ${length}`);
  }
  const fault = itemNotHeld(image, contents);
  if (fault !== undefined) fail(['contents'], fault);
  const memory = new Memory(image);
  for (const [index, projection] of projections.entries()) {
    for (const key of indexKeys) {
      const field = image.fields[projection.index?.[key] ?? -1];
      if (field === undefined) continue;
      const items = memory.access(image, field).readAll();
      const wrong = indexItems(key, projection, projections).findIndex((item, at) => items[at] !== item);
      const path = ['projections', index, 'index', key];
      expect(wrong < 0, path, () => `item ${wrong} of '${field.name}' differs from its segment`);
    }
  }
}

/**
 * The first item in the banks that is no value of its field, in words: a NaN, or the lowest number if the field
 * saturates symmetrically. All other bits are valid.
 */
export function itemNotHeld(image: ProgramView, banks: readonly Uint32Array[]): string | undefined {
  const suspects = image.fields.filter(
    ({ layout, storage, overflow, signed }) =>
      layout !== undefined && (storage === 'float32' || (overflow === 'saturate-symmetric' && signed)),
  );
  if (suspects.length === 0) return undefined;
  const memory = new Memory(image, banks);
  for (const field of suspects) {
    const { low } = heldRange(field);
    const items = memory.access(image, field).readAll();
    const item = items.findIndex((value) =>
      field.storage === 'float32' ? Number.isNaN(value) : value < low,
    );
    if (item >= 0) return `${field.name}[${item}] cannot be ${items[item]}`;
  }
  return undefined;
}
