import type { Interval } from '../../hardware/index.ts';
import { streams } from '../../random/index.ts';
import type { ExploredDesign, ExploredFigures, Objective, Parts } from '../../report/index.ts';
import { type Costs, Dice, frontOf } from '../search/index.ts';
import { costsOf } from './objectives.ts';

/** The figures that rest on figures of the hw-model, with what they consist of. */
const uncertain = ['energyPj', 'trainingEnergyPj', 'areaUm2'] as const satisfies (keyof ExploredFigures)[];

type Rated = Pick<ExploredDesign, 'figures' | 'parts'>;

/**
 * For each design, the share of draws in which no other dominates it. A draw takes a factor for each source of figures,
 * between the ends of its interval, evenly on a logarithmic scale. The figures of one source err together, in all designs
 * alike: so a source that is uncertain by half does not make the order of two designs uncertain that both rest on it.
 *
 * @param intervals as factors, by source; a source without one is exact
 */
export function frontShares(
  designs: readonly Rated[],
  wanted: readonly Objective[],
  intervals: Readonly<Record<string, Interval>>,
  draws: number,
): number[] {
  const sources = Object.keys(intervals).sort();
  const dice = new Dice(0, streams.figure);
  const times = designs.map(() => 0);
  const parts = designs.map((design) => partsBySource(design, sources));
  for (let draw = 0; draw < draws; draw++) {
    const factors = sources.map((source) => {
      const { low, high } = intervals[source] ?? { low: 1, high: 1 };
      return low * (high / low) ** dice.share();
    });
    const drawn = designs.map(({ figures }, index): Costs | undefined => {
      const scaled = { ...figures };
      for (const figure of uncertain) {
        const before = figures[figure];
        const part = parts[index]?.[figure];
        if (before === null || part === undefined) continue;
        scaled[figure] =
          part.certain + part.amounts.reduce((sum, pj, source) => sum + pj * (factors[source] ?? 1), 0);
      }
      return costsOf(scaled, wanted);
    });
    for (const index of frontOf(drawn)) times[index] = (times[index] ?? 0) + 1;
  }
  return times.map((count) => count / draws);
}

/** What a figure consists of: of each source in order, and of sources that are exact. */
interface BySource {
  readonly certain: number;
  readonly amounts: readonly number[];
}

function partsBySource(
  { parts }: Rated,
  sources: readonly string[],
): Readonly<Record<(typeof uncertain)[number], BySource>> | undefined {
  if (parts === null) return undefined;
  const split = ({ bySource }: Parts): BySource => ({
    certain: Object.entries(bySource).reduce(
      (sum, [source, amount]) => (sources.includes(source) ? sum : sum + amount),
      0,
    ),
    amounts: sources.map((source) => bySource[source] ?? 0),
  });
  return {
    energyPj: split(parts.energyPj),
    trainingEnergyPj: split(parts.trainingEnergyPj),
    areaUm2: split(parts.areaUm2),
  };
}
