import type { Costs } from '../../report/index.ts';
import { at, byKey } from '../../text/index.ts';
import type { Choice, Space } from '../space/index.ts';
import { type Answer, countChoices, type Dice, type Search, SeenChoices } from './choices.ts';
import type { RunOf } from './evolve.ts';
import { type DoneRun, drawRuns, type FewRun, mostGain } from './outlook.ts';

/** The share of the samples of all designs that the search takes. */
const wholeShare = 1 / 10;
/** The share of its samples that each run takes at first, and the fewest samples. */
const [firstShare, leastSamples] = [1 / 64, 16];
/** The first round leaves at least as much to the others. */
const largestFirstShare = wholeShare / 2;
/** The others are so many: each learns from those before. */
const laterRounds = 4;
/** The share of their samples that goes into repetitions with other seeds. */
const repeatedShare = 1 / 5;
/** A forecast from fewer would be none. */
const fewestRuns = 2 * laterRounds;

/** The share of its samples that each run takes at first; all of them where they are too few for a part of them. */
function shareAtFirst(samples: number): number {
  const share = Math.max(firstShare, leastSamples / samples);
  return share <= largestFirstShare ? share : 1;
}

/** The runs that take all samples. */
export interface LaterRuns {
  /** How many in each round, with the first seed. */
  readonly rounds: readonly number[];
  /** How many of them are repeated with all other seeds in the end. */
  readonly repeated: number;
}

/**
 * With the first round, they take a tenth of what all would take with all seeds, or a few runs where that is less. Of
 * several seeds, the repetitions have about a fifth: to have seen more designs once brings more than to know few well.
 */
export function runsLater(runs: number, share: number, seeds: number): LaterRuns {
  if (share === 1) return { rounds: [], repeated: 0 };
  const affordable = runs * (seeds * wholeShare - share);
  const all = Math.min(
    runs,
    Math.max(fewestRuns, Math.floor(seeds === 1 ? affordable : affordable * (1 - repeatedShare))),
  );
  const rounds = Array.from({ length: Math.min(all, laterRounds) }, (_, round) =>
    Math.ceil((all - round) / laterRounds),
  );
  const repeated = seeds === 1 ? 0 : Math.min(all, Math.max(1, Math.floor((affordable - all) / (seeds - 1))));
  return { rounds, repeated };
}

/**
 * Few samples for all designs, all samples for few: as in successive halving (Jamieson & Talwalkar, AISTATS 2016), but
 * a forecast chooses what goes on. What learns fastest from few samples is not what is best in the end; energy, latency
 * and area, however, hardly change. So each later round takes the runs that are expected to add most to the
 * hypervolume, given what few samples and all runs so far say. Designs that share a run go on together. Of several
 * seeds, the runs that make the front are repeated with all.
 *
 * @param designs how many the first round has at most
 * @param samples of a whole run
 * @param seeds how many there are
 */
export function* searchByForecast(
  space: Space,
  { designs, samples, seeds }: { readonly designs: number; readonly samples: number; readonly seeds: number },
  dice: Dice,
  runOf: RunOf,
): Search {
  const choices = randomRuns(space, designs, dice, runOf);
  const share = shareAtFirst(samples);
  const answers = yield { choices, share };
  if (share === 1) return;
  const drawn = runsOf(choices, costsIn(answers), runOf);
  let left = drawn.filter(({ few }) => few.some((one) => one !== undefined));
  // Without any figures, the reasons of some designs say why.
  if (left.length === 0) {
    yield { choices: drawn.slice(0, laterRounds).flatMap((run) => run.choices), share: 1 };
    return;
  }
  const done: DoneRun[] = [];
  const { rounds, repeated } = runsLater(drawn.length, share, seeds);
  for (const count of rounds) {
    if (left.length === 0) break;
    const known = done.flatMap(({ all }) => all.filter((one) => one !== undefined));
    const next = mostGain(known, drawRuns(left, done, dice), count, dice).flatMap(
      (index) => left[index] ?? [],
    );
    const costs = costsIn(yield { choices: next.flatMap((run) => run.choices), share: 1 });
    let from = 0;
    for (const run of next) {
      done.push({ ...run, all: costs.slice(from, from + run.choices.length) });
      from += run.choices.length;
    }
    left = left.filter((run) => !next.includes(run));
  }
  const priced = done.filter(({ all }) => all.some((one) => one !== undefined));
  if (repeated === 0 || priced.length === 0) return;
  const known = priced.map(({ all }) => [all.filter((one) => one !== undefined)]);
  const best = mostGain([], known, repeated, dice).flatMap((index) => at(priced, index).choices);
  yield { choices: best, share: 1, seeds: 'all' };
}

function costsIn(answers: readonly Answer[]): (Costs | undefined)[] {
  return answers.map(({ costs }) => costs);
}

/** Random designs, each with all others that share its run, where the space is small enough to know them. */
function randomRuns(space: Space, most: number, dice: Dice, runOf: RunOf): readonly Choice[] {
  const known = countChoices(space);
  if (known === undefined) return new SeenChoices(space).draw(most, dice);
  const all = new SeenChoices(space).draw(known, dice);
  if (known <= most) return all;
  const groups = byKey(all, (choice) => runOf(choice) ?? choice);
  const chosen: Choice[] = [];
  for (const group of groups.values()) if (chosen.length + group.length <= most) chosen.push(...group);
  return chosen.length > 0 ? chosen : all.slice(0, most);
}

function runsOf(choices: readonly Choice[], costs: readonly (Costs | undefined)[], runOf: RunOf): FewRun[] {
  const runs = new Map<string | Choice, { choices: Choice[]; few: (Costs | undefined)[] }>();
  for (const [index, choice] of choices.entries()) {
    const key = runOf(choice) ?? choice;
    const run = runs.get(key) ?? { choices: [], few: [] };
    runs.set(key, run);
    run.choices.push(choice);
    run.few.push(costs[index]);
  }
  return [...runs.values()];
}
