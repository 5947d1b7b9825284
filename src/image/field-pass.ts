import type { PlainAction } from './actions.ts';
import { addAt, noWork, type WorkCount } from './counters.ts';
import type { Image, Layout } from './image.ts';
import { layoutOf } from './memory.ts';

/** An action of a list that passes over whole fields: a clear or a test. */
export type FieldPass = Extract<PlainAction, { does: 'clear' | 'stop-unless-any' }>;

/**
 * The counts of one run of a clear or a test. A clear writes all words of its fields, one per cycle; if other fields
 * share them and the bank has no bit mask, it reads each word first. A test scans its field as a gate does.
 */
export function countOfPass(image: Image, pass: FieldPass): WorkCount {
  const count = noWork(image.banks.length);
  count.runs = 1;
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
