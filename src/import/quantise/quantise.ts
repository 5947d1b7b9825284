import { misfit } from '../../nir/index.ts';
import type { Link, Model, Network, Stage } from '../map/index.ts';
import type { Activity } from './activity.ts';
import { type Scale, scalesOf, type Widths } from './scales.ts';
import { type Integers, quantiseWeights } from './weights.ts';

/** What is left of a value after a step: nothing, all, all but the 2^shift-th part, or a product of whole numbers. */
export type Leak =
  | { readonly is: 'nothing' | 'all' }
  | { readonly is: 'shift'; readonly shift: number }
  | { readonly is: 'product'; readonly bits: number; readonly factors: Int32Array };

/** A stage in integers. */
export interface IntegerStage {
  readonly stage: Stage;
  readonly scale: Scale;
  /** Of its potential, and of its current. */
  readonly accumulatorBits: number;
  readonly leak: Leak;
  readonly drive: Int32Array;
  /** The potential that stands in memory when a sample begins. */
  readonly first: Int32Array;
  readonly threshold: Int32Array | undefined;
  readonly resetTo: Int32Array | undefined;
  readonly current: { readonly leak: Leak; readonly drive: Int32Array } | undefined;
}

/** A link in integers. */
export interface IntegerLink {
  readonly link: Link;
  readonly weights: Integers;
  /**
   * What a weight, or its product with what a spike carries, is shifted by to be in units of the target: to the left where it is
   * above zero.
   */
  readonly shift: number;
}

export interface IntegerNetwork {
  readonly network: Network;
  readonly widths: Widths;
  readonly stages: readonly IntegerStage[];
  readonly links: readonly IntegerLink[];
}

/**
 * Makes integers of a network.
 *
 * @param activity what it did on calibration data; without it, ranges are those of the worst case
 * @param mostInput the most spikes of an input in a step
 */
export function quantise(
  network: Network,
  widths: Widths,
  activity: Activity | undefined,
  mostInput: number,
  steps: number,
): IntegerNetwork {
  const scales = scalesOf(network, widths, activity, mostInput, steps);
  const scaleOf = ({ name }: Stage): Scale => {
    const scale = scales.get(name);
    if (scale === undefined) throw new Error(`no scale of ${name}`);
    return scale;
  };
  const stages = network.stages.map((stage) => integerStage(stage, scaleOf(stage), widths));
  const links = network.links.map((link): IntegerLink => {
    const target = scaleOf(link.to);
    const unit = link.to.model?.current === undefined ? target.potential : target.current;
    const { given } = scaleOf(link.from);
    const isValue = given.is === 'value';
    // What a spike adds is a whole number of units; a product may be shifted to the right.
    const weights = quantiseWeights(link, widths.weightBits, isValue ? 24 : unit, activity);
    return { link, weights, shift: unit - weights.scale - (isValue ? given.scale : 0) };
  });
  return { network, widths, stages, links };
}

function integerStage(stage: Stage, scale: Scale, { accumulatorBits }: Widths): IntegerStage {
  const { model } = stage;
  if (model === undefined) throw new Error(`${stage.name} has no model`);
  const high = 2 ** (accumulatorBits - 1) - 1;
  const whole = (values: Float64Array, exponent: number) =>
    Int32Array.from(values, (value) =>
      Math.max(-high - 1, Math.min(high, Math.round(value * 2 ** exponent))),
    );
  const { firing, current, drive, kept } = model;
  return {
    stage,
    scale,
    accumulatorBits,
    leak: leakOf(kept, stage),
    drive: whole(drive, scale.potential),
    first: whole(firstOf(model), scale.potential),
    threshold: firing && whole(firing.threshold, scale.potential),
    resetTo: firing && whole(firing.resetTo, scale.potential),
    current: current && { leak: leakOf(current.kept, stage), drive: whole(current.drive, scale.current) },
  };
}

/** Neurons that spike leak at the end of a step for the next one, others at its beginning. */
function firstOf({ firing, kept, drive, start }: Model): Float64Array {
  if (firing === undefined) return start;
  return start.map((value, at) => (kept[at] ?? 0) * value + (drive[at] ?? 0));
}

/** Errors of a factor that are as small as half a bit of 16. */
const smallest = 2 ** -17;

/** The largest shift of a core. */
const mostShift = 31;
/** A state that grows by more in a step is nowhere: its product would be wider than a core's. */
const mostGrowth = 2 ** 14;

/** The leak that a core computes with the least work: shifts, products of 12 bits where these are as exact as 16, products. */
function leakOf(kept: Float64Array, { node }: Stage): Leak {
  if (kept.every((value) => value === 0)) return { is: 'nothing' };
  if (kept.every((value) => value === 1)) return { is: 'all' };
  const grown = kept.find((value) => !(Math.abs(value) <= mostGrowth));
  if (grown !== undefined)
    throw misfit(
      node,
      `a step multiplies its state by ${grown}: it is too long for its time constant (--dt)`,
    );
  const some = kept.find((value) => value !== 1) ?? 1;
  const shift = Math.min(mostShift, Math.round(-Math.log2(1 - some)));
  if (kept.every((value) => Math.abs(1 - 2 ** -shift - value) <= smallest)) return { is: 'shift', shift };
  const bits = kept.every((value) => Math.abs(Math.round(value * 4096) / 4096 - value) <= smallest) ? 12 : 16;
  return { is: 'product', bits, factors: Int32Array.from(kept, (value) => Math.round(value * 2 ** bits)) };
}
