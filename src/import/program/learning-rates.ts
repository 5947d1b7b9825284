import { at, option, PlasticoreError } from '../../text/index.ts';
import type { Link, NirStage } from '../map/stages.ts';
import type { ActivityByStage } from '../quantise/activity.ts';
import type { IntegerLink, IntegerNetwork } from '../quantise/quantise.ts';

/** The contents of a field for errors. */
export const mostError = 2 ** 7 - 1;

/** A layer, and the weights by which it has a part in the errors after it. */
export interface FedBack {
  readonly stage: NirStage;
  readonly through: IntegerLink;
}

/** The units of the errors of a layer. */
interface ErrorScale {
  /** Its error is that of a spike times 2^gain. */
  readonly gain: number;
  /** Errors in spikes, where they are large. */
  readonly most: number;
  /** How much the answer moves, in its errors, where all of the layer's errors are mended. */
  readonly reach: number;
}

/**
 * The layers between those named and the one that answers, the last first.
 *
 * @throws PlasticoreError `usage` for layers that lead to no answer, or by several ways
 */
export function fedBackFrom(
  named: readonly NirStage[],
  { network, stages, links }: IntegerNetwork,
  readout: NirStage,
): readonly FedBack[] {
  const order = network.stages;
  const isForward = ({ from, to }: Link) => order.indexOf(from) < order.indexOf(to);
  const leads = (stage: NirStage): boolean =>
    stage === readout || links.some(({ link }) => link.from === stage && isForward(link) && leads(link.to));
  const found = new Map<NirStage, IntegerLink>();
  for (const first of named) {
    for (let stage = first; stage !== readout && !found.has(stage); ) {
      const onward = links.filter(({ link }) => link.from === stage && isForward(link) && leads(link.to));
      const [through, another] = onward;
      if (through === undefined || another !== undefined)
        throw new PlasticoreError(
          'usage',
          `${option('learn')}: '${stage.node}' leads to the answer by ${onward.length === 0 ? 'no' : 'several'} layers of weights: its error is not known`,
          { hint: `the layer that answers is '${readout.node}'` },
        );
      if (stages.find((other) => other.stage === stage)?.threshold === undefined)
        throw new PlasticoreError(
          'usage',
          `${option('learn')}: '${stage.node}' has no spikes; errors are fed back through layers that spike`,
        );
      found.set(stage, through);
      stage = through.link.to;
    }
  }
  return [...found]
    .map(([stage, through]) => ({ stage, through }))
    .sort((one, other) => order.indexOf(other.stage) - order.indexOf(one.stage));
}

/** The mean of the thresholds of a layer, in units of its model. */
function thresholdOf({ name, model }: NirStage): number {
  const thresholds = model?.firing?.threshold;
  if (thresholds === undefined) throw new Error(`${name} does not spike`);
  return thresholds.reduce((sum, value) => sum + Math.abs(value), 0) / thresholds.length;
}

/**
 * The scale of the errors of a layer, and the shift to the right that brings what was fed back to it, so that errors
 * which are large fill their field.
 *
 * @param isActive the share of samples in which a neuron of the layer spikes
 */
function errorScaleOf(
  { through: { link, weights } }: FedBack,
  next: ErrorScale,
  isActive: (neuron: number) => number,
): { readonly scale: ErrorScale; readonly shift: number } {
  const threshold = thresholdOf(link.to);
  const rows = link.map.rows();
  let [strongest, all] = [0, 0];
  for (let source = 0; source < link.from.size; source++) {
    let squares = 0;
    for (let place = at(rows.starts, source); place < at(rows.starts, source + 1); place++)
      squares += (at(rows.weights, place) / threshold) ** 2;
    strongest = Math.max(strongest, squares);
    all += squares * isActive(source);
  }
  const most = next.most * Math.sqrt(strongest);
  // The feedback is in units of weights.
  const given = Math.log2(threshold * 2 ** weights.scale) + next.gain;
  const wanted = Math.floor(Math.log2(mostError / most));
  const shift = Math.max(0, Math.round(given - wanted));
  return {
    shift,
    scale: { gain: given - shift, most, reach: next.reach * Math.max(1, all / link.to.size) },
  };
}

/** The share of an error that one presentation should mend, as `programs/transfer.yaml` does. */
const mended = 0.125;
/** The mean of what a source sends in a step, where no samples tell. */
const usualMean = 0.1;
/** The contents of a field of tallies. */
export const mostTrace = 2 ** 8 - 1;
/** The width of shadow weights for which rates are stated. */
const shadowBits = 16;

/** Parameters of a rule: shifts to the left of what is tallied and of errors, and to the right of the rest. */
export interface Rates {
  readonly traceGain: number;
  readonly errorGain: number;
  /** Of the updates into a layer. */
  readonly rates: ReadonlyMap<NirStage, number>;
  /** Of what is fed back to a layer, in the order in which it is. */
  readonly shifts: readonly number[];
}

/**
 * The rates at which a presentation mends the share of its error that it should: the change of a weight by one unit of
 * error and the spikes of its source, times those spikes, over all sources, in thresholds; and over all neurons whose
 * errors were fed back. Layers share what is to be mended. Where a rate without a shift is too slow, errors and tallies
 * are larger, as far as their fields hold them.
 */
export function ratesOf(
  learning: readonly IntegerLink[],
  fedBack: readonly FedBack[],
  activity: ActivityByStage | undefined,
  { widths }: IntegerNetwork,
  steps: number,
  target: number,
): Rates {
  const layers = new Set(learning.map(({ link }) => link.to));
  const moved = (layer: NirStage): number => {
    let most = 0;
    for (const { link, weights } of learning) {
      if (link.to !== layer) continue;
      const means = activity?.get(link.from.name)?.mean ?? new Float64Array(link.from.size).fill(usualMean);
      const squares = means.reduce((sum, mean) => sum + (mean * steps) ** 2, 0);
      most = Math.max(most, squares / (thresholdOf(layer) * 2 ** weights.scale));
    }
    return most;
  };
  const exactOf = (layer: NirStage, reach: number): number =>
    Math.log2((moved(layer) * reach * layers.size) / (2 ** (shadowBits - widths.weightBits) * mended));
  const room = (largest: number, value: number) => Math.max(0, Math.floor(Math.log2(largest / value)));
  const readout = fedBack[0]?.through.link.to ?? learning[0]?.link.to;
  if (readout === undefined) throw new Error('nothing learns');
  const errorGain = layers.has(readout)
    ? Math.min(Math.max(0, -Math.round(exactOf(readout, 1))), room(mostError, target))
    : 0;
  const scales = new Map<NirStage, ErrorScale>([[readout, { gain: errorGain, most: target, reach: 1 }]]);
  const scaleOf = (stage: NirStage): ErrorScale => {
    const scale = scales.get(stage);
    if (scale === undefined) throw new Error(`no error of ${stage.name}`);
    return scale;
  };
  const shifts = fedBack.map((layer) => {
    const means = activity?.get(layer.stage.name)?.mean;
    const { scale, shift } = errorScaleOf(layer, scaleOf(layer.through.link.to), (neuron) =>
      Math.min(1, (means?.[neuron] ?? usualMean) * steps),
    );
    scales.set(layer.stage, scale);
    return shift;
  });
  const needed = [...layers].map((layer) => {
    const { gain, reach } = scaleOf(layer);
    return [layer, Math.round(exactOf(layer, reach) + gain)] as const;
  });
  const least = needed.reduce((low, [, shift]) => Math.min(low, shift), 0);
  const traceGain = Math.min(Math.abs(least), room(mostTrace, steps));
  const rates = new Map(needed.map(([layer, shift]) => [layer, Math.max(0, shift + traceGain)]));
  return { traceGain, errorGain, rates, shifts };
}
