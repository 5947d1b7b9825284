import { at } from '../text/index.ts';
import type { MicrocodeView } from './lower.ts';
import type { Access, LoweredKernel } from './operation.ts';

/** The cycles of a tile in which loads ask, by their number, and operations have stored. */
interface TileCycles {
  loaded(load: number): number;
  stored(operation: number): number;
}

/** The bank to which a row would come back, at an interval, for what is not stored yet. */
export function returnsTooSoon(
  { operations, loads, order }: LoweredKernel,
  { fields, layouts, banks }: MicrocodeView,
  interval: number,
  cycles: TileCycles,
): string | undefined {
  const early = order.returns.find(({ role, layout, tiles }) => {
    const isSame = (access: Access | undefined): boolean =>
      access?.role === role && at(fields, access.field).layout === layout;
    const loaded = loads.flatMap((load, index) => (isSame(load) ? [cycles.loaded(index)] : []));
    const stored = operations.flatMap(({ store }, index) => (isSame(store) ? [cycles.stored(index)] : []));
    return loaded.length > 0 && tiles * interval + Math.min(...loaded) <= Math.max(...stored);
  });
  return early && `${at(banks, at(layouts, early.layout).bank).name} bank returns`;
}
