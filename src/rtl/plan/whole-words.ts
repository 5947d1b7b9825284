import { at } from '../../arrays/index.ts';
import { type CoreImage, type Layout, layoutOf, type PlainAction, wordOf } from '../../image/index.ts';
import type { PortAccess } from '../../schedule/index.ts';
import type { KernelPlan } from './core-plan.ts';
import type { SegmentTable } from './segments.ts';

type Refuse = (what: string, hint: string) => never;

/** Refuses what a kernel writes into banks without a bit mask, where whole words do not do it. */
export function refuseParts(
  plan: KernelPlan,
  image: CoreImage,
  table: SegmentTable | undefined,
  refuse: Refuse,
): void {
  const { loads, stores, rowStores, phases } = plan.schedule;
  for (const store of stores) {
    const { name, bitMask } = at(image.banks, store.bank);
    if (bitMask) continue;
    const refuseBank = (what: string): never =>
      refuse(`${what} bank '${name}', which writes whole words`, `set hw.banks.${name}.bitMask=true`);
    const load = loads.find(({ role, layout }) => role === store.role && layout === store.layout);
    if (load?.slots.some((slot, word) => phases + at(store.slots, word) < slot) === true)
      refuseBank('stores before it has loaded the words of');
    if (rowStores.some(({ layout }) => layout === store.layout))
      refuseBank('stores tiles and sums in the same words of');
    if (table !== undefined && meetsAgain(table, store, image))
      refuseBank('comes back, within a row, to a word of');
  }
}

/** Refuses clears of fields that share their words with others, in such banks. */
export function refusePartialClears(actions: readonly PlainAction[], image: CoreImage, refuse: Refuse): void {
  for (const action of actions) {
    if (action.does !== 'clear') continue;
    const layouts = new Set(action.fields.map((field) => at(image.fields, field).layout));
    const left = image.fields.find(
      ({ layout }, field) => layouts.has(layout) && !action.fields.includes(field),
    );
    if (left === undefined) continue;
    const { name, bitMask } = at(image.banks, layoutOf(image, left).bank);
    if (!bitMask)
      refuse(
        `clears words of bank '${name}' but for ${left.name}, and the bank writes whole words`,
        `set hw.banks.${name}.bitMask=true`,
      );
  }
}

/** Whether the tiles of a row come back to a word after they have written another one. */
function meetsAgain({ rowStart, segments }: SegmentTable, store: PortAccess, image: CoreImage): boolean {
  const layout: Layout = at(image.layouts, store.layout);
  for (let row = 0; row + 1 < rowStart.length; row++) {
    const met = new Set<number>();
    let latest = -1;
    for (const { first, last, weightRow, place } of segments.slice(
      at(rowStart, row),
      at(rowStart, row + 1),
    )) {
      const item = store.role === 'syn' ? weightRow * layout.rowLength + place : first;
      for (let word = wordOf(layout, item); word <= wordOf(layout, item + last - first); word++) {
        if (word === latest) continue;
        if (met.has(word)) return true;
        met.add(word);
        latest = word;
      }
    }
  }
  return false;
}
