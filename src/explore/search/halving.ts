import { at } from '../../arrays/index.ts';
import type { Costs } from '../../report/index.ts';
import type { Choice, Space } from '../space/index.ts';
import { countChoices, type Search, SeenChoices } from './choices.ts';
import type { Dice } from './dice.ts';
import type { RunOf } from './evolve.ts';
import { crowding, ranksOf } from './ranks.ts';

/** Each round takes so many times the samples of the one before, with so many times fewer runs. */
const factor = 4;
/** With fewer samples, learning has hardly begun. */
const leastSamples = 100;

/** The share of the samples that a run of each round takes; the last round takes all. */
function roundShares(samples: number): number[] {
  const rounds = 1 + Math.max(0, Math.floor(Math.log(samples / leastSamples) / Math.log(factor)));
  return Array.from({ length: rounds }, (_, round) => factor ** (round - rounds + 1));
}

/**
 * Successive halving (Jamieson & Talwalkar, AISTATS 2016): many designs run with few samples, and the best of them with
 * more, so that each round costs the same. Designs that share a run go on together; those with runs of the best ranks
 * do, and within a rank those with the most distant neighbours, as in NSGA-II.
 *
 * @param designs how many the first round has at most
 * @param samples of a whole run
 */
export function* halve(
  space: Space,
  { designs, samples }: { readonly designs: number; readonly samples: number },
  dice: Dice,
  runOf: RunOf,
): Search {
  let choices: readonly Choice[] = drawRuns(space, designs, dice, runOf);
  for (const share of roundShares(samples)) {
    const costs = yield { choices, share };
    choices = share < 1 ? promising(choices, costs, runOf) : [];
  }
}

/** Random designs, each with all others that share its run, where the space is small enough to know them. */
function drawRuns(space: Space, most: number, dice: Dice, runOf: RunOf): readonly Choice[] {
  const known = countChoices(space);
  if (known === undefined) return new SeenChoices(space).draw(most, dice);
  const all = new SeenChoices(space).draw(known, dice);
  if (known <= most) return all;
  const groups = new Map<string | Choice, Choice[]>();
  for (const choice of all) {
    const run = runOf(choice) ?? choice;
    groups.set(run, [...(groups.get(run) ?? []), choice]);
  }
  const chosen: Choice[] = [];
  for (const group of groups.values()) if (chosen.length + group.length <= most) chosen.push(...group);
  return chosen.length > 0 ? chosen : all.slice(0, most);
}

/** The designs of the most promising runs, a quarter of all runs. */
function promising(
  choices: readonly Choice[],
  costs: readonly (Costs | undefined)[],
  runOf: RunOf,
): readonly Choice[] {
  const runs = choices.map((choice, index) => runOf(choice) ?? index);
  const wanted = Math.max(1, Math.round(new Set(runs).size / factor));
  const ranks = ranksOf(costs);
  const distances = choices.map(() => 0);
  for (const rank of new Set(ranks)) {
    const group = ranks.flatMap((own, index) => (own === rank ? [index] : []));
    const own = crowding(group.map((index) => costs[index] ?? []));
    for (const [position, index] of group.entries()) distances[index] = at(own, position);
  }
  const order = choices
    .map((_, index) => index)
    .filter((index) => costs[index] !== undefined)
    .sort((a, b) => at(ranks, a) - at(ranks, b) || at(distances, b) - at(distances, a) || a - b);
  const kept = new Set<string | number>();
  for (const index of order) {
    if (kept.size < wanted) kept.add(at(runs, index));
  }
  return choices.filter((_, index) => kept.has(at(runs, index)));
}
