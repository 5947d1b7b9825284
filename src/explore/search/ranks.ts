import { type Costs, frontOf } from '../../report/index.ts';

/**
 * Designs in ranks: the front, the front of the rest, and so on. Those without costs come last, together.
 *
 * Deb et al., A fast and elitist multiobjective genetic algorithm: NSGA-II, IEEE Trans. Evol. Comput. 6(2),
 * 2002, III.A.
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
 * How far the neighbours of each design of a rank are: the sum over objectives of the distance between the
 * next better and the next worse, as a share of the range; infinite at the ends (NSGA-II, III.B).
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
