import { at } from '../../arrays/index.ts';
import type { HwModel } from '../../hardware/index.ts';
import type { CoreImage, PlainAction } from '../../image/index.ts';
import type { KernelPlan } from './core-plan.ts';

type Refuse = (what: string, hint: string) => never;

/** Refuses what a kernel writes into banks without a bit mask, where whole words do not do it. */
export function refuseParts(plan: KernelPlan, image: CoreImage, refuse: Refuse): void {
  const { loads, stores, phases } = plan.schedule;
  for (const store of stores) {
    const { name, bitMask } = at(image.banks, store.bank);
    if (bitMask) continue;
    const refuseBank = (what: string): never =>
      refuse(`${what} bank '${name}', which writes whole words`, `set hw.banks.${name}.bitMask=true`);
    const load = loads.find(({ role, layout }) => role === store.role && layout === store.layout);
    if (load?.slots.some((slot, word) => phases + at(store.slots, word) < slot) === true)
      refuseBank('stores before it has loaded the words of');
  }
}

/**
 * The field that shares the words of fields that are cleared, and that a bank without a bit mask has to write back:
 * the words are read first. Undefined where whole words are cleared, or single bits can be.
 */
export function writtenBack(
  { fields, layouts, banks }: Pick<CoreImage, 'fields' | 'layouts' | 'banks'>,
  index: number,
  cleared: readonly number[],
): CoreImage['fields'][number] | undefined {
  if (at(banks, at(layouts, index).bank).bitMask) return undefined;
  return fields.find(({ layout }, field) => layout === index && !cleared.includes(field));
}

/** Refuses clears that would read and write a word in one cycle through one port. */
export function refuseClears(
  actions: readonly PlainAction[],
  image: CoreImage,
  banks: HwModel['banks'],
  refuse: Refuse,
): void {
  for (const action of actions) {
    if (action.does !== 'clear') continue;
    for (const layout of new Set(action.fields.map((field) => layoutIndex(image, field)))) {
      const left = writtenBack(image, layout, action.fields);
      const { name, ports } = at(banks, at(image.layouts, layout).bank);
      if (left === undefined || !('shared' in ports)) continue;
      refuse(
        `clears words of bank '${name}' but for ${left.name}, a word a cycle: it would read and write through one port at once`,
        `set hw.banks.${name}.bitMask=true, or hw.banks.${name}.ports={read: 1, write: 1}`,
      );
    }
  }
}

function layoutIndex({ fields }: CoreImage, field: number): number {
  const { name, layout } = at(fields, field);
  if (layout === undefined) throw new Error(`${name} is not stored`);
  return layout;
}
