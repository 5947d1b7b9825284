import { addAt } from '../arrays/index.ts';
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
  const fields = pass.does === 'clear' ? pass.fields : [pass.field];
  const bitsOf = new Map<Layout, number>();
  for (const index of fields) {
    const field = image.fields[index];
    if (field === undefined) throw new Error(`no field ${index}`);
    const layout = layoutOf(image, field);
    bitsOf.set(layout, (bitsOf.get(layout) ?? 0) + field.bits);
    if (pass.does === 'stop-unless-any') count.scannedTiles += Math.ceil(field.count / image.core.lanes);
  }
  for (const [layout, bits] of bitsOf) {
    const bank = image.banks[layout.bank];
    if (bank === undefined) throw new Error(`no bank ${layout.bank}`);
    const words = layout.rows * layout.wordsPerRow;
    const readsFirst = bits < layout.itemBits && !bank.bitMask;
    if (pass.does === 'stop-unless-any' || readsFirst) addAt(count.reads, layout.bank, words);
    if (pass.does === 'stop-unless-any') continue;
    addAt(count.writes, layout.bank, words);
    count.tiles += words;
  }
  return count;
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
