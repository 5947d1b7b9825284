import type { Interval } from '../../hardware/index.ts';
import { streams } from '../../random/index.ts';
import type { ExploredDesign, ExploredFigures, ExploredParts, Objective, Parts } from '../../report/index.ts';
import { type Costs, Dice, frontOf } from '../search/index.ts';
import { costsOf } from './objectives.ts';

/** The figures that rest on figures of the hw-model, with what they consist of. */
const uncertain = ['energyPj', 'trainingEnergyPj', 'areaUm2'] as const satisfies (keyof ExploredFigures)[];

export interface Rated extends Pick<ExploredDesign, 'figures' | 'parts'> {
  /** As factors, by source; a source without one is exact. */
  readonly intervals: Readonly<Record<string, Interval>>;
}

/**
 * For each design, the share of draws in which no other dominates it. A draw takes a factor for each source of figures,
 * between the ends of its interval, evenly on a logarithmic scale. The figures of one source err together, in all designs
 * alike: so a source that is uncertain by half does not make the order of two designs uncertain that both rest on it. What
 * draws do not show is a law that is wrong, such as one of the node, where designs differ in that.
 */
export function frontShares(
  designs: readonly Rated[],
  wanted: readonly Objective[],
  draws: number,
): number[] {
  // Two hw-models may call different sources by one name.
  const keyOf = (source: string, { low, high }: Interval) => JSON.stringify([source, low, high]);
  const all = new Map(
    designs.flatMap(({ intervals }) =>
      Object.entries(intervals)
        .filter(([, { low, high }]) => low !== high)
        .map(([source, interval]) => [keyOf(source, interval), interval] as const),
    ),
  );
  const keys = [...all.keys()].sort();
  const dice = new Dice(0, streams.figure);
  const times = designs.map(() => 0);
  const parts = designs.map(({ parts: own, intervals }) =>
    own === null
      ? undefined
      : bySources(
          own,
          (source) => {
            const interval = intervals[source];
            return interval === undefined ? undefined : keys.indexOf(keyOf(source, interval));
          },
          keys.length,
        ),
  );
  for (let draw = 0; draw < draws; draw++) {
    const factors = keys.map((key) => {
      const { low, high } = all.get(key) ?? { low: 1, high: 1 };
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

/** What a figure consists of: of each uncertain source, and of those that are exact. */
interface BySource {
  readonly certain: number;
  readonly amounts: readonly number[];
}

/** @param indexOf the position of an uncertain source; negative or undefined for one that is exact */
function bySources(
  parts: ExploredParts,
  indexOf: (source: string) => number | undefined,
  count: number,
): Readonly<Record<(typeof uncertain)[number], BySource>> {
  const split = ({ bySource }: Parts): BySource => {
    let certain = 0;
    const amounts = new Array<number>(count).fill(0);
    for (const [source, amount] of Object.entries(bySource)) {
      const index = indexOf(source) ?? -1;
      if (index < 0) certain += amount;
      else amounts[index] = (amounts[index] ?? 0) + amount;
    }
    return { certain, amounts };
  };
  return {
    energyPj: split(parts.energyPj),
    trainingEnergyPj: split(parts.trainingEnergyPj),
    areaUm2: split(parts.areaUm2),
  };
}
