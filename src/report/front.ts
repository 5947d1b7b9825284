import type { Miss } from './schema-study.ts';

/**
 * A design as costs: one number for each objective, less is better. Undefined stands for a design that has no figures
 * or misses a constraint: every design with costs is better.
 */
export type Costs = readonly number[];

/** Whether a design is at least as good as another in everything, and better in something. */
export function dominates(a: Costs, b: Costs): boolean {
  let isBetter = false;
  for (let index = 0; index < a.length; index++) {
    const [x = 0, y = 0] = [a[index], b[index]];
    if (x > y) return false;
    if (x < y) isBetter = true;
  }
  return isBetter;
}

/** By how much a design misses constraints: the sum of the shares of their bounds; infinite where one has no share. */
export function violationOf(misses: readonly Miss[]): number {
  return misses.reduce((sum, { by }) => sum + (by ?? Number.POSITIVE_INFINITY), 0);
}

/** The positions of the designs that no other dominates. Of equal ones, all. */
export function frontOf(designs: readonly (Costs | undefined)[]): number[] {
  const front: { readonly index: number; readonly costs: Costs }[] = [];
  // Sorting puts every dominating design first, so comparing with the front so far is enough.
  const order = designs
    .flatMap((costs, index) => (costs === undefined ? [] : [{ index, costs }]))
    .sort((a, b) => compareCosts(a.costs, b.costs) || a.index - b.index);
  for (const design of order) {
    if (!front.some(({ costs }) => dominates(costs, design.costs))) front.push(design);
  }
  return front.map(({ index }) => index).sort((a, b) => a - b);
}

function compareCosts(a: Costs, b: Costs): number {
  for (let index = 0; index < a.length; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
