import { type FieldPass, type Layout, passedWords } from '../image/index.ts';
import { at, PlasticoreError } from '../text/index.ts';
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
import type { MicrocodeCycles } from './schedule.ts';
import type { Tables } from './tables.ts';
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

/** Cycles for each spike that is taken from the FIFO. */
export const microcodeEventCycles = 1;

/** The cycles of a clear, by the layouts that it passes over, or of a test. */
export function microcodePassCycles(layouts: number | 'test', unit: MicrocodeUnit): MicrocodeCycles {
  const runCycles = layouts === 'test' ? testCycles + afterTestCycles : layouts * (drainOf(unit) - 1);
  return { runCycles, passCycles: 0, intervalCycles: 1 };
}

function drainOf({ short, store }: MicrocodeUnit): number {
  return short + store;
}

/**
 * The kernels of a pass: of a clear, one for each layout, whose tiles are whole words; of a test, one that scans the
 * gate and visits nothing.
 *
 * @throws PlasticoreError `fit` for fields whose words a kernel does not write
 */
export function passKernels(
  pass: Exclude<FieldPass, { does: 'keep' }>,
  tables: Tables,
  unit: MicrocodeUnit,
): PassKernel[] {
  const { image } = tables;
  const name = at(image.work, pass.work);
  if (pass.does === 'stop-unless-any') {
    const values = { ...gate(tables, 'column', { name }, pass.field, 'self'), test: 1, interval: 1 };
    return [{ words: [], record: () => packRecord(kernelParts(), { ...values, closed: afterTestCycles }) }];
  }
  for (const field of pass.fields) tables.access({ name }, { field, role: 'self' });
  return passedWords(image, pass).map(({ layout }) => clearOf(layout, tables, unit, name));
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
  const access = tables.accessTo({ first: firstWord, stride, synapse: 1 });
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
