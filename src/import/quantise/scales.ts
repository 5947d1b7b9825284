import { misfit } from '../../nir/index.ts';
import type { Link, Network, Stage } from '../map/index.ts';
import type { Activity, Magnitudes } from './activity.ts';
import { positiveAndNegative } from './weights.ts';

/** What a stage gives in a step. */
export type Given =
  /** At most one spike. */
  | { readonly is: 'spike' }
  /** Several, whose number its one spike carries. */
  | { readonly is: 'count'; readonly bits: number }
  /** Its potential: the number that a spike carries is the potential times 2^scale. */
  | { readonly is: 'value'; readonly bits: number; readonly scale: number };

/** The scales of a stage: integers are the model's numbers times a power of two. */
export interface Scale {
  /** Of the potential. */
  readonly potential: number;
  /** Of the current, which is as fine or finer. */
  readonly current: number;
  readonly given: Given;
  /** The magnitudes that its potential, and its current, are scaled for. */
  readonly potentialRange: number;
  readonly currentRange: number;
  /** Where the ranges come from. */
  readonly from: 'the worst case' | 'the calibration';
}

/** Room for more spikes in a step than a calibration has seen. */
const margin = 2;
/**
 * The share of potentials seen that may saturate. These are of neurons far below their threshold, mostly, that do not spike either
 * way; and a scale that holds all of them would leave few bits to the others.
 */
const mostSaturated = 0.01;
/** No potential is larger, in units of the graph. */
const largestRange = 2 ** 24;
/** No finer, whatever the range. */
const finest = 24;
/** Bits of a spike's address. */
const addressBits = 24;
/** Bits of the number of spikes that neurons may have in a step, where none was seen. */
const countBits = 4;

/** Widths of what stands in memory. */
export interface Widths {
  readonly weightBits: number;
  readonly accumulatorBits: number;
}

/**
 * Chooses the scales of all stages: the finest with which accumulators hold what a calibration has seen, twice, or without one,
 * the worst that a step may add to a potential at its threshold.
 *
 * @param mostInput the most spikes of an input in a step
 */
export function scalesOf(
  { input, stages, links }: Network,
  { accumulatorBits }: Widths,
  activity: Activity | undefined,
  mostInput: number,
  steps: number,
): ReadonlyMap<string, Scale> {
  const scales = new Map<string, Scale>();
  const nothing = {
    potential: 0,
    current: 0,
    potentialRange: 0,
    currentRange: 0,
    from: 'the worst case',
  } as const;
  scales.set(input.name, { ...nothing, given: { is: 'spike' } });
  const most = (stage: Stage): number => {
    if (stage === input) return mostInput;
    if (stage.model?.firing === undefined) return scales.get(stage.name)?.potentialRange ?? 1;
    return isCounted(stage) ? 2 ** countsOf(stage, activity) - 1 : 1;
  };
  for (const stage of stages) {
    const seen = activity?.get(stage.name);
    const into = links.filter(({ to }) => to === stage);
    const worst = worstOf(stage, into, most, steps);
    const potentialRange = chosen(seen?.potential, worst.potential, stage);
    const currentRange = chosen(seen?.current, worst.current, stage);
    for (const range of [potentialRange, currentRange])
      if (!(range <= largestRange))
        throw misfit(
          stage.node,
          `its potentials or currents may reach ${range.toPrecision(3)}, which integers on a core cannot follow; is the time step (--dt) in the unit of the file's time constants?`,
        );
    const fits = (range: number) =>
      Math.min(
        finest,
        Math.floor(Math.log2((2 ** (accumulatorBits - 1) - 1) / Math.max(range, 2 ** -finest))),
      );
    const potential = fits(potentialRange);
    const isSpiking = stage.model?.firing !== undefined;
    const valueBits = Math.min(accumulatorBits, addressBits - Math.ceil(Math.log2(Math.max(1, stage.size))));
    scales.set(stage.name, {
      potential: isCounted(stage) ? Math.max(0, potential) : potential,
      current: Math.max(potential, fits(currentRange)),
      potentialRange,
      currentRange,
      given: !isSpiking
        ? { is: 'value', bits: valueBits, scale: potential - (accumulatorBits - valueBits) }
        : isCounted(stage)
          ? { is: 'count', bits: countsOf(stage, activity) }
          : { is: 'spike' },
      from: (seen?.potential.most ?? 0) > 0 ? 'the calibration' : 'the worst case',
    });
  }
  return scales;
}

export function isCounted({ model }: Stage): boolean {
  return model?.firing?.fires === 'each';
}

function countsOf({ name }: Stage, activity: Activity | undefined): number {
  const most = activity?.get(name)?.most ?? 0;
  return most === 0 ? countBits : Math.min(8, Math.ceil(Math.log2(margin * most + 1)));
}

/** A range has to hold the thresholds and constants, too. */
function chosen(seen: Magnitudes | undefined, worst: number, { model }: Stage): number {
  const constants = [model?.firing?.threshold, model?.firing?.resetTo, model?.drive, model?.start];
  const least = constants.reduce((range, values) => Math.max(range, largest(values ?? [])), 0);
  return Math.max(least, seen === undefined || seen.most === 0 ? worst : seen.bound(mostSaturated));
}

/** The largest magnitudes that inputs may make of the current, and of the potential. */
function worstOf(
  { model }: Stage,
  into: readonly Link[],
  most: (stage: Stage) => number,
  steps: number,
): { readonly potential: number; readonly current: number } {
  if (model === undefined) return { potential: 0, current: 0 };
  let added = 0;
  for (const link of into) {
    const { positive, negative } = positiveAndNegative(link);
    const both = link.from.model?.firing === undefined && link.from.model !== undefined;
    added += most(link.from) * (both ? positive + negative : Math.max(positive, negative));
  }
  const gathered = (kept: Float64Array) => Math.min(steps, 1 / Math.max(1e-9, 1 - largest(kept)));
  const { current, firing } = model;
  const currentRange = current === undefined ? 0 : (added + largest(current.drive)) * gathered(current.kept);
  const perStep = (current === undefined ? added : currentRange) + largest(model.drive);
  return {
    current: currentRange,
    potential: firing === undefined ? perStep * gathered(model.kept) : perStep + largest(firing.threshold),
  };
}

export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let at = 0; at < values.length; at++) most = Math.max(most, Math.abs(values[at] ?? 0));
  return most;
}
