import type { StudyReport } from '../../report/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import type { Space } from '../space/index.ts';
import { searchByForecast } from './by-forecast.ts';
import { allChoices, Dice, noDesign, type Search, SeenChoices } from './choices.ts';
import { evolve, type RunOf } from './evolve.ts';

export type SearchName = StudyReport['search']['name'];

export interface SearchPlan {
  readonly search: SearchName;
  /** The most designs to look at; undefined for no bound but the space, or the time. */
  readonly designs: number | undefined;
  /** Of what is drawn. */
  readonly seed: number;
}

/** The runs that a search knows. */
export interface RunsOfSearch {
  /** Names what a design would run, for a search that prefers designs which do something new, or shares runs. */
  readonly runOf: RunOf;
  /** The samples of a whole run, as the limit counts them. */
  readonly samples: number;
  /** How many seeds a run may have. */
  readonly seeds: number;
}

/**
 * @throws PlasticoreError `usage` for a grid that is too large, or larger than the budget; `invalid-value` if
 * the conditions leave no design
 */
export function startSearch(
  space: Space,
  plan: SearchPlan,
  { runOf, samples, seeds }: RunsOfSearch = { runOf: () => undefined, samples: 0, seeds: 1 },
): Search {
  const { search, designs } = plan;
  if (search === 'grid') return grid(space, designs);
  if (search === 'forecast')
    return searchByForecast(
      space,
      { designs: designs ?? allChoices(space).length, samples, seeds },
      new Dice(plan.seed),
      runOf,
    );
  if (designs === undefined)
    throw new PlasticoreError('usage', `search '${search}' needs a budget`, {
      file: option('search'),
      hint: `for example ${option('budget', 200)}, or ${option('budget', '10m')}`,
    });
  const dice = new Dice(plan.seed);
  return search === 'random' ? random(space, designs, dice) : evolve(space, designs, dice, runOf);
}

/** All designs of a space at once, each with all seeds. */
export function* sweep(space: Space): Search {
  yield { choices: allChoices(space), share: 1, seeds: 'all' };
}

function* grid(space: Space, budget: number | undefined): Search {
  const choices = allChoices(space);
  if (choices.length === 0) throw noDesign(space);
  if (budget !== undefined && choices.length > budget)
    throw new PlasticoreError(
      'usage',
      `the grid has ${choices.length} designs, the budget is ${budget}: the first ones would say little of the others`,
      {
        file: option('budget'),
        hint: `${option('search', 'random')} or ${option('search', 'evolve')} choose among them`,
      },
    );
  for (let from = 0; from < choices.length; from += gridBatch)
    yield { choices: choices.slice(from, from + gridBatch), share: 1 };
}

/** The number of designs that a search asks for at a time, so that results appear as they come. */
const batch = 32;
/** Designs of a grid share runs, and should keep all processors busy. */
const gridBatch = 256;

function* random(space: Space, budget: number, dice: Dice): Search {
  const seen = new SeenChoices(space);
  for (let left = budget; left > 0; ) {
    const choices = seen.draw(Math.min(batch, left), dice);
    if (choices.length === 0) return;
    yield { choices, share: 1 };
    left -= choices.length;
  }
}
