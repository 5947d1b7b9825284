/**
 * What is wanted of a design, as costs: one number for each objective, less is better. Undefined if the design has no
 * figures, or misses a constraint: then every other design with costs is better.
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

/** The positions of the designs that no other dominates. Of equal ones, all. */
export function frontOf(designs: readonly (Costs | undefined)[]): number[] {
  const front: { readonly index: number; readonly costs: Costs }[] = [];
  // Whatever dominates a design comes before it in the order of costs, so that each is compared with the front so far.
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

/**
 * Designs in ranks: the front, the front of the rest, and so on. Those without costs come last, together.
 *
 * Deb et al., A fast and elitist multiobjective genetic algorithm: NSGA-II, IEEE Trans. Evol. Comput. 6(2), 2002, III.A.
 */
export function ranksOf(designs: readonly (Costs | undefined)[]): number[] {
  const ranks = designs.map(() => Number.POSITIVE_INFINITY);
  let left = designs.map((costs, index) => ({ costs, index })).filter(({ costs }) => costs !== undefined);
  for (let rank = 0; left.length > 0; rank++) {
    const front = new Set(frontOf(left.map(({ costs }) => costs)));
    for (const [position, { index }] of left.entries()) if (front.has(position)) ranks[index] = rank;
    left = left.filter((_, position) => !front.has(position));
  }
  return ranks;
}

/**
 * How far the neighbours of each design of a rank are: the sum over objectives of the distance between the next better and
 * the next worse, as a share of the range; infinite at the ends (NSGA-II, III.B).
 */
export function crowding(rank: readonly Costs[]): number[] {
  const distances = rank.map(() => 0);
  const objectives = rank[0]?.length ?? 0;
  for (let objective = 0; objective < objectives; objective++) {
    const order = rank
      .map((costs, index) => ({ cost: costs[objective] ?? 0, index }))
      .sort((a, b) => a.cost - b.cost || a.index - b.index);
    const range = (order.at(-1)?.cost ?? 0) - (order[0]?.cost ?? 0);
    for (const [position, { index }] of order.entries()) {
      const [before, behind] = [order[position - 1], order[position + 1]];
      const isEnd = before === undefined || behind === undefined;
      const gap = isEnd ? Number.POSITIVE_INFINITY : range === 0 ? 0 : (behind.cost - before.cost) / range;
      distances[index] = (distances[index] ?? 0) + gap;
    }
  }
  return distances;
}

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
