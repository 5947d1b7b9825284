import { type Costs, frontOf } from '../../report/index.ts';
import type { Choice, Space } from '../space/index.ts';
import { type Answer, type Dice, type Search, SeenChoices } from './choices.ts';

/** Names the run of a design; designs that share a run have the same name. */
export type RunOf = (choice: Choice) => string | undefined;

/** A design with what it is worth. */
interface Member extends Answer {
  readonly choice: Choice;
}

interface RankedMember extends Member {
  readonly rank: number;
  readonly crowding: number;
}

/**
 * Designs that evolve, after NSGA-II (Deb et al., IEEE Trans. Evol. Comput. 6(2), 2002): parents win tournaments of two
 * by rank, then by distance to their neighbours; a child takes each axis from one of two parents; then about one of its
 * axes moves, mostly to a neighbouring value, since the values of an axis are in order. No design is tried twice: a
 * known child moves on, and so do most children whose run is known: they differ from another design in costs alone.
 * Designs that miss constraints rank behind those that meet them, the nearest first, and those without figures last.
 */
export function* evolve(space: Space, budget: number, dice: Dice, runOf: RunOf): Search {
  const seen = new SeenChoices(space);
  const size = Math.max(8, Math.min(48, Math.round(budget / 5)));
  const runs = new Set<string | undefined>();
  let members: RankedMember[] = [];
  let left = budget;
  while (left > 0) {
    const wanted = Math.min(left, size);
    const children =
      members.length === 0 ? [] : childrenOf(members, wanted, { space, seen, dice, runs, runOf });
    const choices = [...children, ...seen.draw(wanted - children.length, dice)];
    if (choices.length === 0) return;
    for (const choice of choices) runs.add(runOf(choice));
    const answers = yield { choices, share: 1 };
    left -= choices.length;
    const born = choices.map((choice, index): Member => ({ choice, ...answers[index] }));
    members = best([...members, ...born], size);
  }
}

interface Breeding {
  readonly space: Space;
  readonly seen: SeenChoices;
  readonly dice: Dice;
  /** Runs that known designs share. */
  readonly runs: Set<string | undefined>;
  readonly runOf: RunOf;
}

function childrenOf(
  members: readonly RankedMember[],
  wanted: number,
  { space, seen, dice, runs, runOf }: Breeding,
): Choice[] {
  const children: Choice[] = [];
  for (let tries = 0; children.length < wanted && tries < wanted * triesForChild; tries++) {
    const [mother, father] = [tournament(members, dice), tournament(members, dice)];
    const crossed = mother.choice.map((value, axis) =>
      dice.share() < 0.5 ? value : (father.choice[axis] ?? value),
    );
    const child = mutated(crossed, space, dice);
    const run = runOf(child);
    // A known run tells little that is new.
    if (runs.has(run) && dice.share() < staleShare) continue;
    if (!seen.add(child)) continue;
    runs.add(run);
    children.push(child);
  }
  return children;
}

/** Attempts before random designs fill up a generation. */
const triesForChild = 40;
/** The share of children dropped because their run is known already. */
const staleShare = 0.9;

function tournament(members: readonly RankedMember[], dice: Dice): RankedMember {
  const [a, b] = [pick(members, dice), pick(members, dice)];
  return isBetter(b, a) ? b : a;
}

function pick(members: readonly RankedMember[], dice: Dice): RankedMember {
  const member = members[dice.below(members.length)];
  if (member === undefined) throw new Error('no member is left');
  return member;
}

/** Whether a design is preferred as a parent: by rank, then by distance to its neighbours. */
export function isBetter(a: RankedMember, b: RankedMember): boolean {
  return a.rank === b.rank ? a.crowding > b.crowding : a.rank < b.rank;
}

/** Moves about one axis: mostly to a neighbouring value, now and then to any. */
function mutated(choice: Choice, { axes }: Space, dice: Dice): Choice {
  const movable = axes.filter(({ values }) => values.length > 1).length;
  return choice.map((value, axis) => {
    const values = axes[axis]?.values.length ?? 1;
    if (values === 1 || dice.share() >= 1 / Math.max(1, movable)) return value;
    if (dice.share() < 0.25) return dice.below(values);
    const step = dice.share() < 0.5 ? -1 : 1;
    return value + step < 0 || value + step >= values ? value - step : value + step;
  });
}

/** The best members: whole ranks, and of the last rank those with the most distant neighbours. */
function best(members: readonly Member[], size: number): RankedMember[] {
  const ranks = ranksOf(members);
  const ranked = members.map((member, index) => ({ ...member, rank: ranks[index] ?? 0, crowding: 0, index }));
  for (const rank of new Set(ranks)) {
    const group = ranked.filter((member) => member.rank === rank);
    const distances = crowding(group.map(({ costs }) => costs ?? []));
    for (const [position, member] of group.entries()) member.crowding = distances[position] ?? 0;
  }
  return ranked
    .sort((a, b) => a.rank - b.rank || b.crowding - a.crowding || a.index - b.index)
    .slice(0, size);
}

/**
 * Designs in ranks: the front, the front of the rest, and so on; then those that miss constraints, by how much. Those
 * without figures come last, together.
 *
 * Deb et al., A fast and elitist multiobjective genetic algorithm: NSGA-II, IEEE Trans. Evol. Comput. 6(2),
 * 2002, III.A, and VI for constraints.
 */
export function ranksOf(designs: readonly Answer[]): number[] {
  const ranks = designs.map(() => Number.POSITIVE_INFINITY);
  let left = designs.map(({ costs }, index) => ({ costs, index })).filter(({ costs }) => costs !== undefined);
  let rank = 0;
  for (; left.length > 0; rank++) {
    const front = new Set(frontOf(left.map(({ costs }) => costs)));
    for (const [position, { index }] of left.entries()) if (front.has(position)) ranks[index] = rank;
    left = left.filter((_, position) => !front.has(position));
  }
  const misses = [...new Set(designs.flatMap(({ violation }) => violation ?? []))].sort((a, b) => a - b);
  for (const [index, { violation }] of designs.entries())
    if (violation !== undefined) ranks[index] = rank + misses.indexOf(violation);
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
