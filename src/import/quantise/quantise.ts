import { misfit } from '../../nir/index.ts';
import { option } from '../../text/index.ts';
import type { Entry } from '../input-numbers.ts';
import type { Link, Model, Network, NirStage } from '../map/stages.ts';
import type { ActivityByStage } from './activity.ts';
import {
  type Integers,
  type MemoryWidths,
  quantiseWeights,
  type Scale,
  type StageOutput,
  scalesOf,
} from './scales.ts';

/** The decay of a value in a step: to nothing, none, by its 2^shift-th part, or by a product of whole numbers. */
export type Leak =
  | { readonly is: 'nothing' | 'all' }
  | { readonly is: 'shift'; readonly shift: number }
  | { readonly is: 'product'; readonly bits: number; readonly factors: Int32Array };

/** A stage in integers. */
export interface IntegerStage {
  readonly stage: NirStage;
  readonly scale: Scale;
  /** Of its potential and of its current. */
  readonly accumulatorBits: number;
  readonly leak: Leak;
  readonly drive: Int32Array;
  /** The potential in memory at the start of a sample. */
  readonly first: Int32Array;
  readonly threshold: Int32Array | undefined;
  readonly resetTo: Int32Array | undefined;
  readonly current: { readonly leak: Leak; readonly drive: Int32Array } | undefined;
  /** Whether a field keeps what a constant input adds in each step. */
  readonly keepsConstant: boolean;
  /** Whether a field gathers what comes in a step, for a gain of its own. */
  readonly gathers: boolean;
}

/** A link in integers. */
export interface IntegerLink {
  readonly link: Link;
  readonly weights: Integers;
  /** The field of the target that it adds to. */
  readonly field: 'v' | 'i' | 'constant' | 'gathered';
  /** The shift of a weight, or of its product with a spike's value, to units of the target; left if positive. */
  readonly shift: number;
}

export interface IntegerNetwork {
  readonly network: Network;
  readonly entry: Entry;
  /** The value that spikes of the input carry. */
  readonly inputGives: StageOutput;
  readonly widths: MemoryWidths;
  readonly stages: readonly IntegerStage[];
  readonly links: readonly IntegerLink[];
}

/**
 * Converts a network to integers.
 *
 * @param activity its activity on calibration data; by default ranges are those of the worst case
 * @param mostInput the most spikes of an input in a step, or the largest value
 */
export function quantise(
  network: Network,
  widths: MemoryWidths,
  activity: ActivityByStage | undefined,
  mostInput: number,
  steps: number,
  entry: Entry,
): IntegerNetwork {
  const scales = scalesOf(network, widths, activity, mostInput, steps);
  const scaleOf = ({ name }: NirStage): Scale => {
    const scale = scales.get(name);
    if (scale === undefined) throw new Error(`no scale of ${name}`);
    return scale;
  };
  const isKept = ({ from }: Link) => entry === 'once' && from === network.input;
  const stages = network.stages.map((stage) => ({
    ...integerStage(stage, scaleOf(stage), widths),
    keepsConstant: network.links.some((link) => link.to === stage && isKept(link)),
    gathers:
      stage.model?.inputGain !== undefined &&
      network.links.some((link) => link.to === stage && !isKept(link)),
  }));
  const links = network.links.map((link): IntegerLink => {
    const target = scaleOf(link.to);
    const { model } = link.to;
    const direct = model?.inputGain !== undefined ? 'gathered' : model?.current === undefined ? 'v' : 'i';
    const field = isKept(link) ? 'constant' : direct;
    const { potential: v, current: i, input } = target;
    const unit = { v, i, constant: input, gathered: input }[field];
    const { given } = scaleOf(link.from);
    const isValue = given.is === 'value';
    // A spike adds a whole number of units; a product may be shifted to the right.
    const weights = quantiseWeights(link, widths.weightBits, isValue ? 24 : unit, activity);
    return { link, weights, field, shift: unit - weights.scale - (isValue ? given.scale : 0) };
  });
  const inputGives = scaleOf(network.input).given;
  return { network, entry, inputGives, widths, stages, links };
}

function integerStage(
  stage: NirStage,
  scale: Scale,
  { accumulatorBits }: MemoryWidths,
): Omit<IntegerStage, 'keepsConstant' | 'gathers'> {
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

/** Spiking neurons leak at the end of a step for the next one, others at its start. */
function firstOf({ firing, kept, drive, start }: Model): Float64Array {
  if (firing === undefined) return start;
  return start.map((value, at) => (kept[at] ?? 0) * value + (drive[at] ?? 0));
}

/** Smaller errors of a factor do not matter: half a bit of 16. */
const smallest = 2 ** -17;

/** The largest shift of a core. */
const mostShift = 31;
/** A state that grows faster than this has no limit in practice, and its product would be wider than a core's. */
const mostGrowth = 2 ** 14;

/** The cheapest leak that a core can compute: shifts, products of 12 bits if as exact as 16, else products. */
function leakOf(kept: Float64Array, { node }: NirStage): Leak {
  if (kept.every((value) => value === 0)) return { is: 'nothing' };
  if (kept.every((value) => value === 1)) return { is: 'all' };
  const grown = kept.find((value) => !(Math.abs(value) <= mostGrowth));
  if (grown !== undefined)
    throw misfit(
      node,
      `a step multiplies its state by ${grown}: it is too long for its time constant (${option('dt')})`,
    );
  const some = kept.find((value) => value !== 1) ?? 1;
  const shift = Math.min(mostShift, Math.round(-Math.log2(1 - some)));
  if (kept.every((value) => Math.abs(1 - 2 ** -shift - value) <= smallest)) return { is: 'shift', shift };
  const bits = kept.every((value) => Math.abs(Math.round(value * 4096) / 4096 - value) <= smallest) ? 12 : 16;
  return { is: 'product', bits, factors: Int32Array.from(kept, (value) => Math.round(value * 2 ** bits)) };
}
