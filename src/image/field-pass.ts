import { addAt, at } from '../arrays/index.ts';
import { noWork, type WorkCount, type WorkTally } from './counters.ts';
import type { Layout, ProgramView } from './image.ts';
import type { PlainAction } from './lists.ts';
import { layoutOf } from './memory.ts';

/** An action of a list that passes over words of fields: a clear, a test, or spikes that are kept for later. */
export type FieldPass = Extract<PlainAction, { does: 'clear' | 'stop-unless-any' | 'keep' }>;

/**
 * The counts of one run of such an action. A clear writes all words of its fields, one per cycle; if other fields
 * share them and the bank has no bit mask, it reads each word first. A test scans its field as a gate does.
 */
export function countOfPass(image: ProgramView, pass: FieldPass): WorkCount {
  const count = noWork(image.banks.length);
  count.runs = 1;
  if (pass.does === 'keep') return addKept(count, image, pass.delayed);
  if (pass.does === 'stop-unless-any')
    count.scannedTiles += Math.ceil(at(image.fields, pass.field).count / image.core.lanes);
  for (const { layout, words, isRead } of passedWords(image, pass)) {
    if (isRead) addAt(count.reads, layout.bank, words);
    if (pass.does === 'stop-unless-any') continue;
    addAt(count.writes, layout.bank, words);
    count.tiles += words;
  }
  return count;
}

/** Words of a layout that a pass goes over, and whether it reads them. */
interface PassedWords {
  readonly layout: Layout;
  readonly words: number;
  readonly isRead: boolean;
}

/** The words that a clear or a test goes over, layout by layout. */
export function passedWords(
  image: ProgramView,
  pass: Exclude<FieldPass, { does: 'keep' }>,
): readonly PassedWords[] {
  const fields = pass.does === 'clear' ? pass.fields : [pass.field];
  const bitsOf = new Map<Layout, number>();
  for (const index of fields) {
    const field = at(image.fields, index);
    const layout = layoutOf(image, field);
    bitsOf.set(layout, (bitsOf.get(layout) ?? 0) + field.bits);
  }
  return [...bitsOf].map(([layout, bits]) => {
    const readsFirst = bits < layout.itemBits && !at(image.banks, layout.bank).bitMask;
    return {
      layout,
      words: layout.rows * layout.wordsPerRow,
      isRead: pass.does === 'stop-unless-any' || readsFirst,
    };
  });
}

/**
 * Spikes that wait for their delays: the row of each delay is read when it ends, and the row of this step written, a
 * word per cycle.
 */
function addKept(count: WorkTally, image: ProgramView, delayed: number): WorkCount {
  const { field = -1, lists = [] } = image.events.delayed[delayed] ?? {};
  const ring = image.fields[field];
  if (ring === undefined) throw new Error(`no field ${field}`);
  const { bank, wordsPerRow } = layoutOf(image, ring);
  addAt(count.reads, bank, lists.length * wordsPerRow);
  addAt(count.writes, bank, wordsPerRow);
  count.tiles += (lists.length + 1) * wordsPerRow;
  return count;
}
