import type { Interval } from '../../hardware/index.ts';
import { drawNormal, streams } from '../../random/index.ts';
import {
  type Costs,
  type DesignParts,
  doubtful,
  type FigureName,
  type FigureSpreads,
  type Figures,
  frontOf,
  type Objective,
  type Parts,
  pooledSpread,
  type Standing,
  type StudyDesign,
  shareVariance,
  withPower,
} from '../../report/index.ts';
import { Dice } from '../search/index.ts';
import { type Constraint, costsOf } from './objectives.ts';

/** The figures that rest on figures of the hw-model, with their parts. */
const uncertain = ['energyPj', 'trainingEnergyPj', 'areaUm2'] as const satisfies FigureName[];
/** Those that runs measure, and that differ from seed to seed. Accuracies differ by points, the others by shares. */
const measured = [
  'accuracy',
  'energyPj',
  'trainingEnergyPj',
  'latencyNs',
  'trainingLatencyNs',
] as const satisfies FigureName[];

export interface RatedDesign extends Pick<StudyDesign, 'figures' | 'parts' | 'run'> {
  /** As factors, by source; a source without one is exact. */
  readonly intervals: Readonly<Record<string, Interval>>;
  /** Over the seeds of its runs. */
  readonly spreads: FigureSpreads;
  /** On how many samples each of its runs was scored. */
  readonly scoredSamples: number;
}

/** Shares of the draws in which something holds for a design. */
export interface DrawnShares {
  /** It meets all constraints, and no other design that meets them dominates it. */
  readonly front: number;
  readonly constraints: number;
}

/**
 * How sure a front is: figures are drawn many times, and fronts are counted. A draw takes
 *
 * - a factor for each source of figures from its interval, evenly on a logarithmic scale. The figures of one source
 *   err together in all designs, so a source that is uncertain by half does not blur the order of two designs that
 *   both rest on it;
 * - a normal deviation for the accuracy of each function, with the variance s²/k + p(1 - p)/(n + 4) of a mean over k
 *   seeds on n samples. The first term is about seeds: s² is pooled over all functions with several seeds, and drawn as
 *   s² v/X²(v), so that few degrees of freedom v widen it (Gelman et al., Bayesian Data Analysis, 3rd ed., 3.2). The
 *   second is about samples, with p = (right + 2)/(n + 4) (Agresti & Coull, Am. Stat. 52(2), 1998). All seeds are
 *   scored on the same samples, so the second does not shrink with k; nor is it taken off between two designs, which
 *   errs towards doubt;
 * - a normal deviation for the energies and latencies of each function over its seeds, as a share.
 *
 * Designs with one function share its deviations. That a share of draws is the probability of being on the front is
 * Teich's and Hughes' proposal (both EMO 2001, LNCS 1993). Draws cannot reveal a wrong scaling law, such as one of the
 * node, if designs differ in that.
 */
export function frontShares(
  designs: readonly RatedDesign[],
  wanted: readonly Objective[],
  constraints: readonly Constraint[],
  draws: number,
): DrawnShares[] {
  const scale = sourceScaling(designs);
  const deviate = seedDeviations(designs);
  const counts = designs.map(() => ({ front: 0, constraints: 0 }));
  for (let draw = 0; draw < draws; draw++) {
    const [scaled, deviated] = [scale(), deviate(draw)];
    const drawn = designs.map((design, index): Costs | undefined => {
      const figures = withPower(deviated(design, scaled(index)));
      if (!constraints.every(({ meets }) => meets(figures))) return undefined;
      const count = counts[index];
      if (count !== undefined) count.constraints += 1;
      return costsOf(figures, wanted);
    });
    for (const index of frontOf(drawn)) {
      const count = counts[index];
      if (count !== undefined) count.front += 1;
    }
  }
  return counts.map(({ front, constraints: met }) => ({ front: front / draws, constraints: met / draws }));
}

/** Standard errors of accuracies: of seeds, as far as some function has run with several, and of samples. */
export function accuracyErrors(designs: readonly RatedDesign[]): (number | null)[] {
  const functions = new Map(designs.map(({ run, spreads }) => [run, spreads.accuracy]));
  const { variance } = pooledSpread([...functions.values()], { isRelative: false }) ?? { variance: 0 };
  return designs.map(({ spreads: { accuracy }, scoredSamples }) =>
    accuracy.mean === null
      ? null
      : Math.sqrt(variance / accuracy.n + shareVariance(accuracy.mean, scoredSamples)),
  );
}

/** Figures with new factors for all sources, at each call. */
function sourceScaling(designs: readonly RatedDesign[]): () => (index: number) => Figures {
  // Two hw-models may give different sources the same name.
  const keyOf = (source: string, { low, high }: Interval) => JSON.stringify([source, low, high]);
  const all = new Map(
    designs.flatMap(({ intervals }) =>
      Object.entries(intervals)
        .filter(([, { low, high }]) => low !== high)
        .map(([source, interval]) => [keyOf(source, interval), interval] as const),
    ),
  );
  const sources = [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  const indices = new Map(sources.map(([key], index) => [key, index]));
  const dice = new Dice(0, streams.figure);
  const amounts = designs.map(({ figures, parts, intervals }) =>
    bySources({ figures, parts }, (source) => {
      const interval = intervals[source];
      return interval && indices.get(keyOf(source, interval));
    }),
  );
  return () => {
    const factors = sources.map(([, { low, high }]) => low * (high / low) ** dice.share());
    return (index) => {
      const scaled = { ...designs[index]?.figures } as Record<FigureName, number | null>;
      for (const { figure, certain, parts } of amounts[index] ?? [])
        scaled[figure] = parts.reduce(
          (sum, [source, amount]) => sum + amount * (factors[source] ?? 1),
          certain,
        );
      return scaled;
    };
  };
}

/** A figure as a sum: its exact part, and the amount of each uncertain source, by its index. */
interface BySource {
  readonly figure: (typeof uncertain)[number];
  readonly certain: number;
  readonly parts: readonly (readonly [source: number, amount: number])[];
}

function bySources(
  { figures, parts }: Pick<RatedDesign, 'figures' | 'parts'>,
  indexOf: (source: string) => number | undefined,
): BySource[] {
  return uncertain.flatMap((figure) => {
    if (parts === null || figures[figure] === null) return [];
    const { bySource }: Parts = parts[figure satisfies keyof DesignParts];
    let certain = 0;
    const others: [number, number][] = [];
    for (const [source, amount] of Object.entries(bySource)) {
      const index = indexOf(source);
      if (index === undefined) certain += amount;
      else others.push([index, amount]);
    }
    return [{ figure, certain, parts: others }];
  });
}

/** Adds what seeds and samples may have brought: in each draw the same to all designs with one function. */
function seedDeviations(designs: readonly RatedDesign[]) {
  const functions = [...new Map(designs.map((design) => [design.run, design])).values()];
  const indices = new Map(functions.map(({ run }, index) => [run, index]));
  const pooled = measured.map((figure) =>
    pooledSpread(
      functions.map(({ spreads }) => spreads[figure]),
      { isRelative: figure !== 'accuracy' },
    ),
  );
  return (draw: number) => {
    const variances = pooled.map((own, index) => (own === undefined ? 0 : drawnVariance(own, draw, index)));
    const deviations = functions.map(({ spreads, scoredSamples }, at) =>
      measured.map((figure, index) => {
        const { n, mean } = spreads[figure];
        if (mean === null) return 0;
        const ofSamples = figure === 'accuracy' ? shareVariance(mean, scoredSamples) : 0;
        const variance = (variances[index] ?? 0) / n + ofSamples;
        return variance === 0 ? 0 : Math.sqrt(variance) * drawNormal(0, streams.seedSpread, draw, index, at);
      }),
    );
    return ({ run }: RatedDesign, figures: Figures): Figures => {
      const own = deviations[indices.get(run) ?? -1];
      const moved = { ...figures } as Record<FigureName, number | null>;
      for (const [index, figure] of measured.entries()) {
        const before = figures[figure];
        const by = own?.[index] ?? 0;
        if (before !== null) moved[figure] = figure === 'accuracy' ? before + by : before * (1 + by);
      }
      return moved;
    };
  };
}

/** A variance that may be the true one of what was pooled: s² v/X²(v). */
function drawnVariance(
  { variance, degrees }: { readonly variance: number; readonly degrees: number },
  draw: number,
  figure: number,
): number {
  if (variance === 0) return 0;
  let squares = 0;
  for (let at = 0; at < degrees; at++) squares += drawNormal(0, streams.seedVariance, draw, figure, at) ** 2;
  return (variance * degrees) / squares;
}

/**
 * Where a design stands by its share of draws on the front.
 *
 * @param isKnown false if its accuracy matters and rests on one seed: how seeds differ is not known then
 */
export function standingOf(share: number, isKnown: boolean): Standing {
  if (!isNear(share)) return 'not';
  return isKnown && share >= 1 - doubtful ? 'surely' : 'perhaps';
}

/** Whether a design may be on the front, so that further seeds are worth their time. */
export function isNear(share: number): boolean {
  return share > doubtful;
}
