/** The errors of layers before the one that answers: those that follow, fed back through the weights between them. */
import { at } from '../../arrays/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import type { Link, NirStage } from '../map/index.ts';
import type { IntegerLink, IntegerNetwork } from '../quantise/index.ts';

/** The contents of a field for errors. */
export const mostError = 2 ** 7 - 1;

/** A layer, and the weights by which it has a part in the errors after it. */
export interface FedBack {
  readonly stage: NirStage;
  readonly through: IntegerLink;
}

/** The units of the errors of a layer. */
export interface ErrorScale {
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
export function thresholdOf({ name, model }: NirStage): number {
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
export function errorScaleOf(
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
