import { type Costs, frontOf } from '../../src/report/index.ts';

/**
 * The volume that is dominated by some designs and lies below a reference point: by slices along the last objective.
 *
 * @param reference worse than all designs in each objective that matters; what lies beyond counts nothing
 */
export function hypervolume(designs: readonly Costs[], reference: Costs): number {
  const inside = designs.filter((costs) => costs.every((cost, index) => cost < (reference[index] ?? 0)));
  return volume(inside, reference.length, reference);
}

function volume(designs: readonly Costs[], dimensions: number, reference: Costs): number {
  const last = dimensions - 1;
  const bound = reference[last] ?? 0;
  if (designs.length === 0) return 0;
  if (last === 0) return bound - Math.min(...designs.map(([cost = bound]) => cost));
  const order = [...designs].sort((a, b) => (a[last] ?? 0) - (b[last] ?? 0));
  let sum = 0;
  for (const [position, costs] of order.entries()) {
    const from = costs[last] ?? bound;
    const to = order[position + 1]?.[last] ?? bound;
    if (to === from) continue;
    const slice = order.slice(0, position + 1).map((design) => design.slice(0, last));
    const front = new Set(frontOf(slice));
    const fewer = slice.filter((_, index) => front.has(index));
    sum += (to - from) * volume(fewer, last, reference);
  }
  return sum;
}
