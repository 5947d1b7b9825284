import { type FieldPass, type Layout, layoutOf, passedWords } from '../image/index.ts';
import { at, PlasticoreError } from '../text/index.ts';
import { type KeptName, keptSources } from './kept.ts';
import { gate } from './kernels.ts';
import {
  kernelParts,
  mostRows,
  mostTiles,
  numberNamed,
  operandKinds,
  packRecord,
  walks,
  wordParts,
} from './records.ts';
import { refuseWhole } from './refuse.ts';
import type { MicrocodeCycles } from './schedule.ts';
import type { PartValues, Tables } from './tables.ts';
import type { MicrocodeUnit } from './unit.ts';

/** A pass over words as a core runs it: a kernel with its words of microcode. */
export interface PassKernel {
  readonly words: readonly bigint[];
  /** Its record, once it is known where its words begin. */
  readonly record: (base: number) => bigint;
}

/** Cycles after a test in which the list goes on, or stops. */
const afterTestCycles = 6;
/** Those from the start of a test to its scan, and from the end of the scan. */
const testCycles = 10;

/** Those from a result until the spikes that it stands for are kept. */
const keepCycles = 3;

/** Cycles for each spike that is taken from the FIFO. */
export const microcodeEventCycles = 1;

/** What a pass goes over: so many layouts that are cleared, a test, or a ring whose lists take what is due of it. */
export type PassedOver = number | 'test' | { readonly lists: number; readonly tilesPerWord: number };

/** The cycles of a pass: for itself, and for each word. */
export function microcodePassCycles(over: PassedOver, unit: MicrocodeUnit): MicrocodeCycles {
  const passCycles = 0;
  if (over === 'test') return { runCycles: testCycles + afterTestCycles, passCycles, intervalCycles: 1 };
  if (typeof over === 'number')
    return { runCycles: over * (drainOf(unit) - 1), passCycles, intervalCycles: 1 };
  const { lists, tilesPerWord } = over;
  const runCycles = drainOf(unit) - 1 + lists * (dueDrainOf(unit) - 1);
  return { runCycles, passCycles, intervalCycles: tilesPerWord };
}

function drainOf({ short, store }: MicrocodeUnit): number {
  return short + store;
}

/** Cycles from the entry of a tile of a ring until its spikes are kept. */
function dueDrainOf({ load, short }: MicrocodeUnit): number {
  return load + short + keepCycles;
}

/**
 * The kernels of a pass: of a clear, one for each layout, whose tiles are whole words; of a test, one that scans the
 * gate and visits nothing; of spikes that wait, one that stores those of this step into their ring, and one for each
 * delay that ends in the next step.
 *
 * @throws PlasticoreError `fit` for fields whose words a kernel does not write
 */
export function passKernels(pass: FieldPass, tables: Tables, unit: MicrocodeUnit): PassKernel[] {
  const { image } = tables;
  const name = at(image.work, pass.work);
  if (pass.does === 'stop-unless-any') {
    const values = { ...gate(tables, 'column', { name }, pass.field, 'self'), test: 1, interval: 1 };
    return [{ words: [], record: () => packRecord(kernelParts(), { ...values, closed: afterTestCycles }) }];
  }
  if (pass.does === 'keep') return keepsOf(pass, tables, unit);
  for (const field of pass.fields) tables.access({ name }, { field, role: 'self' });
  return passedWords(image, pass).map(({ layout }) => clearOf(layout, tables, unit, name));
}

/** The row of a ring that a step writes, then those that are due in the next one; an entry of a list counts it. */
function keepsOf(
  { delayed, from }: Extract<FieldPass, { does: 'keep' }>,
  tables: Tables,
  unit: MicrocodeUnit,
): PassKernel[] {
  const { image } = tables;
  const { population, field, lists } = at(image.events.delayed, delayed);
  const { bank, wordsPerRow, itemsPerWord } = layoutOf(image, at(image.fields, field));
  const { sources } = keptSources(image);
  const { name: ring } = at(image.fields, field);
  // Above the flag is the value, with its sign.
  const isSigned = at(image.populations, population).payload?.signed ?? false;
  const access = tables.access({ name: ring }, { field, role: 'syn' }, 0, isSigned);
  if (tables.isWide(field)) refuseWhole({ name: ring }, 'tiles of its spikes that wait are two words each');
  const kernel = (values: PartValues, name: KeptName, record: PartValues): PassKernel => ({
    words: [packRecord(wordParts, { valid: 1, ...values })],
    record: (base) =>
      packRecord(kernelParts(), {
        walk: numberNamed(walks, 'row'),
        tiles: (wordsPerRow * itemsPerWord) / image.core.lanes,
        tail: image.core.lanes - 1,
        rows: 1,
        interval: 1,
        base,
        gap: 1,
        [`row_words${bank}`]: wordsPerRow,
        ...record,
        ...sources.get(name),
      }),
  });
  const isOfInput = from === 'received';
  const kept = {
    a_kind: numberNamed(operandKinds, 'index'),
    // Of those that are kept: in this step, or in the step before.
    a_index: isOfInput ? 1 : 3,
    store: 1,
    store_bank: bank,
    store_access: access,
  };
  const due = {
    stage: unit.load,
    a_kind: numberNamed(operandKinds, 'bank0') + bank,
    emit: 1,
    [`load${bank}`]: 1,
    [`load${bank}_access`]: access,
  };
  return [
    kernel(kept, isOfInput ? `received ${delayed}` : `previous ${population}`, { drain: drainOf(unit) }),
    ...lists.map((_, list) =>
      kernel(due, `waited ${delayed} ${list}`, { keeps: 1, waits: 1, drain: dueDrainOf(unit) }),
    ),
  ];
}

function clearOf(
  { bank, firstWord, rows, wordsPerRow }: Layout,
  tables: Tables,
  unit: MicrocodeUnit,
  name: string,
): PassKernel {
  const { banks, core } = tables.image;
  const stride = Math.log2(at(banks, bank).wordBits / core.lanes);
  const words = rows * wordsPerRow;
  // Its rows are as long as the walker has tiles for.
  const tiles = Array.from({ length: mostTiles }, (_, index) => mostTiles - index).find(
    (count) => words % count === 0 && words / count <= mostRows,
  );
  if (tiles === undefined || stride > 5)
    throw new PlasticoreError('fit', `${name}: ${words} words of ${at(banks, bank).wordBits} bits`, {
      hint: `a clear writes rows of up to ${mostTiles} words, each of at most 32 bits a lane`,
    });
  const access = tables.accessTo({ first: firstWord, stride, last: 2 ** stride - 1, synapse: 1 });
  const drainCycles = drainOf(unit);
  const word = packRecord(wordParts, {
    valid: 1,
    a_kind: numberNamed(operandKinds, 'scalar'),
    a_index: tables.constant(0),
    store: 1,
    store_bank: bank,
    store_access: access,
  });
  return {
    words: [word],
    record: (base) =>
      packRecord(kernelParts(), {
        walk: numberNamed(walks, 'rows'),
        tiles,
        tail: core.lanes - 1,
        rows: words / tiles,
        interval: 1,
        base,
        gap: 1,
        drain: drainCycles,
        [`row_words${bank}`]: tiles,
      }),
  };
}
