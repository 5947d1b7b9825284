import { exact } from '../../src/hardware/index.ts';

/*
 * Where a spiking network takes as much energy as its artificial twin on the same core: both by the same figures, which
 * err for both alike.
 */

/** The cost of an inference of a network, at one activity. */
export interface InferenceCost {
  /** Synaptic operations for each synapse. */
  readonly activity: number;
  /** The energy, in parts by the source of the figures that it rests on. */
  readonly bySource: Readonly<Record<string, number>>;
}

type Intervals = Readonly<Record<string, { readonly low: number; readonly high: number }>>;

/** An activity, with the bounds from the core's figures; infinite if figures within theirs leave no crossing. */
export interface Crossing {
  readonly activity: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The activity at which a network takes the energy of another, between the workings nearest to it, or along the last
 * two where it lies beyond all.
 *
 * Its bounds follow the rule of `totalInterval`: figures of one source err together, in both networks; the shifts of
 * different sources are independent, so that they add up as the root of the sum of their squares.
 *
 * @param workings of one network, at two activities or more
 * @param intervals of the sources; one without is exact
 * @returns undefined where more activity does not take more energy
 */
export function crossing(
  workings: readonly InferenceCost[],
  twin: InferenceCost,
  intervals: Intervals = {},
): Crossing | undefined {
  const activity = crossingWith(workings, twin, () => 1);
  if (!Number.isFinite(activity)) return undefined;
  let [below, above] = [0, 0];
  const sources = new Set([twin, ...workings].flatMap(({ bySource }) => Object.keys(bySource)));
  for (const source of sources) {
    const { low, high } = intervals[source] ?? exact;
    const shifts = [low, high].map((factor) => {
      const shifted = crossingWith(workings, twin, (name) => (name === source ? factor : 1));
      return shifted - activity;
    });
    below += Math.min(0, ...shifts) ** 2;
    above += Math.max(0, ...shifts) ** 2;
  }
  return { activity, low: activity - Math.sqrt(below), high: activity + Math.sqrt(above) };
}

/**
 * The crossing where the figures of each source are multiplied by its factor. Where more activity takes no more energy,
 * it is infinite, on the side of the twin: one that takes more than the network is not reached by any activity.
 */
function crossingWith(
  workings: readonly InferenceCost[],
  twin: InferenceCost,
  factorOf: (source: string) => number,
): number {
  const energyOf = ({ bySource }: InferenceCost): number =>
    Object.entries(bySource).reduce((sum, [source, energyPj]) => sum + energyPj * factorOf(source), 0);
  const points = workings
    .map((working) => ({ activity: working.activity, energyPj: energyOf(working) }))
    .sort((a, b) => a.activity - b.activity);
  const wanted = energyOf(twin);
  const next = points.findIndex(({ energyPj }, at) => at > 0 && energyPj >= wanted);
  const to = next < 0 ? points.length - 1 : next;
  const [from, end] = [points[to - 1], points[to]];
  if (from === undefined || end === undefined) return Number.NaN;
  if (end.energyPj <= from.energyPj)
    return wanted > end.energyPj ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const share = (wanted - from.energyPj) / (end.energyPj - from.energyPj);
  return from.activity + share * (end.activity - from.activity);
}
