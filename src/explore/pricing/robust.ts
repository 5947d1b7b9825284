import type { Interval } from '../../hardware/index.ts';
import { streams } from '../../random/index.ts';
import {
  type Costs,
  type ExploredDesign,
  type ExploredFigures,
  type ExploredParts,
  frontOf,
  type Objective,
  type Parts,
} from '../../report/index.ts';
import { Dice } from '../search/index.ts';
import { costsOf } from './objectives.ts';

/** The figures that rest on figures of the hw-model, with their parts. */
const uncertain = ['energyPj', 'trainingEnergyPj', 'areaUm2'] as const satisfies (keyof ExploredFigures)[];

export interface Rated extends Pick<ExploredDesign, 'figures' | 'parts'> {
  /** As factors, by source; a source without one is exact. */
  readonly intervals: Readonly<Record<string, Interval>>;
}

/**
 * For each design, the share of draws in which no other dominates it. A draw takes a factor for each source of figures
 * from its interval, evenly on a logarithmic scale. The figures of one source err together in all designs, so a source
 * that is uncertain by half does not blur the order of two designs that both rest on it. Draws cannot reveal a wrong
 * scaling law, such as one of the node, if designs differ in that.
 */
export function frontShares(
  designs: readonly Rated[],
  wanted: readonly Objective[],
  draws: number,
): number[] {
  // Two hw-models may give different sources the same name.
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

/**
 * A figure as a sum over its sources: one amount for each uncertain source, and one for all exact sources.
 */
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
