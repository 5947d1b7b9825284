import {
  at,
  type GivenLayer,
  type GivenLink,
  type GivenNetwork,
  known,
  numberAt,
  PlasticoreError,
  plainModel,
} from '../api.ts';

/** Largest numbers of ReckOn's memories: a weight, a potential. */
const largest = { weight: 127, potential: 2 ** 15 - 1 } as const;
/** A leak has 15 fractional bits. */
const leakUnit = 2 ** 15;
const leaks = { least: 0x7000, most: 0x8fff } as const;
const shifts = [0, 1, 2, 3, 4, 5, 6, 7];

/** A layer in ReckOn's numbers. */
export interface ReckonLayer {
  readonly layer: GivenLayer;
  /** The number on the chip for which 1 of a neuron's potential stands. */
  readonly units: Float64Array;
  readonly threshold: number;
  /** Of each neuron. */
  readonly alpha: Int32Array;
}

/** The settings of all layers in ReckOn's registers. */
interface Shifts {
  /** How far weights of inputs are shifted to the left. */
  readonly input: number;
  readonly recurrent: number;
}

/** Weights into the neurons of a layer, by target: of inputs, of neurons. */
interface Into {
  readonly inputs: readonly (readonly number[])[];
  readonly neurons: readonly (readonly number[])[];
}

/** Refuses what ReckOn cannot run. */
export function refuseOnReckon({ node }: GivenLayer, reason: string): never {
  throw new PlasticoreError('fit', `node '${node}' does not run on ReckOn: ${reason}`);
}

/** The neurons of a layer, if ReckOn has such. */
export function reckonModel(layer: GivenLayer) {
  const refuse = (reason: string): never => refuseOnReckon(layer, reason);
  const model = plainModel(layer, refuse, {
    silent: 'only neurons that spike are mapped, and these do not',
    rest: 'start',
    reset: 'to 0 or by their threshold',
  });
  const least = leaks.least / leakUnit;
  const quick = model.kept.find(
    (value) => !(value >= least - 0.5 / leakUnit && value <= leaks.most / leakUnit),
  );
  if (quick !== undefined)
    refuse(`its neurons keep ${least} or more of their potential in a tick, and these ${quick}`);
  return model;
}

/** Whether a spike resets the neurons of a layer to zero; else it takes their threshold. */
export function isResetToZero(layer: GivenLayer): boolean {
  return !reckonModel(layer).firing.reset.startsWith('subtract');
}

/**
 * Chooses the shifts of all weights and the thresholds of layers: of those with which nothing is clipped, the ones with
 * which weights lose least beside their thresholds.
 */
export function reckonLayers(network: GivenNetwork): {
  readonly shifts: Shifts;
  readonly layers: ReckonLayer[];
} {
  const all = network.stages.map((layer) => ({ layer, into: weightsInto(layer, network) }));
  let best: { readonly shifts: Shifts; readonly thresholds: readonly number[] } | undefined;
  let least = Infinity;
  for (const input of shifts)
    for (const recurrent of shifts) {
      const thresholds = all.map(({ layer, into }) => thresholdOf(layer, into, { input, recurrent }));
      const lost = all.reduce(
        (sum, { layer, into }, place) =>
          sum + lossOf(layer, into, { input, recurrent }, at(thresholds, place)),
        0,
      );
      if (lost < least) [best, least] = [{ shifts: { input, recurrent }, thresholds }, lost];
    }
  if (best === undefined) {
    const [layer] = network.stages;
    if (layer === undefined) throw new PlasticoreError('fit', 'the network has no neurons');
    return refuseOnReckon(layer, 'its weights are too far above its thresholds for 16 bits');
  }
  const { thresholds } = best;
  const layers = all.map(({ layer }, place): ReckonLayer => {
    const { firing, kept } = reckonModel(layer);
    const threshold = at(thresholds, place);
    return {
      layer,
      units: firing.threshold.map((value) => threshold / value),
      threshold: firing.fires === 'above' ? threshold + 1 : threshold,
      alpha: Int32Array.from(kept, (share) => Math.round(share * leakUnit)),
    };
  });
  return { shifts: best.shifts, layers };
}

/** A weight as the memory holds it. */
export function reckonWeight(weight: number, unit: number, shift: number): number {
  return Math.max(-largest.weight, Math.min(largest.weight, Math.round((weight * unit) / 2 ** shift)));
}

/** The largest threshold with which no weight is clipped, and a step fits a potential that is at its threshold. */
function thresholdOf(layer: GivenLayer, { inputs, neurons }: Into, { input, recurrent }: Shifts): number {
  const { firing } = reckonModel(layer);
  let most: number = largest.potential - 1;
  for (let neuron = 0; neuron < layer.size; neuron++) {
    const own = numberAt(firing.threshold, neuron);
    const sums = { positive: 0, negative: 0 };
    for (const [weights, shift] of [
      [at(inputs, neuron), input],
      [at(neurons, neuron), recurrent],
    ] as const)
      for (const weight of weights) {
        sums[weight > 0 ? 'positive' : 'negative'] += Math.abs(weight);
        most = Math.min(most, ((largest.weight + 0.49) * 2 ** shift * own) / Math.abs(weight));
      }
    most = Math.min(most, largest.potential / (1 + Math.max(sums.positive, sums.negative) / own));
  }
  return Math.floor(most);
}

/** The square errors of a layer's weights beside their thresholds; infinite if there is no threshold. */
function lossOf(layer: GivenLayer, { inputs, neurons }: Into, shift: Shifts, threshold: number): number {
  if (threshold < 1) return Infinity;
  const { firing } = reckonModel(layer);
  let lost = 0;
  for (let neuron = 0; neuron < layer.size; neuron++) {
    const own = numberAt(firing.threshold, neuron);
    const unit = threshold / own;
    for (const [weights, by] of [
      [at(inputs, neuron), shift.input],
      [at(neurons, neuron), shift.recurrent],
    ] as const)
      for (const weight of weights) {
        const wrong = ((reckonWeight(weight, unit, by) * 2 ** by) / unit - weight) / own;
        lost += wrong * wrong;
      }
  }
  return lost;
}

/** All that comes into the neurons of a layer; what they gain by themselves comes from an input. */
function weightsInto(layer: GivenLayer, { links, input }: GivenNetwork): Into {
  const { drive } = reckonModel(layer);
  const [inputs, neurons] = [[...drive].map((value) => (value === 0 ? [] : [value])), emptyLists(layer.size)];
  for (const [key, weight] of summed(links.filter(({ to }) => to === layer))) {
    const { from, target } = key;
    at(from === input ? inputs : neurons, target).push(weight);
  }
  return { inputs, neurons };
}

function emptyLists(size: number): number[][] {
  return Array.from({ length: size }, () => []);
}

/** The weights of several links; those between the same two neurons are one. */
export function summed(
  links: readonly GivenLink[],
): [key: { from: GivenLayer; source: number; to: GivenLayer; target: number }, weight: number][] {
  const sums = new Map<
    string,
    [{ from: GivenLayer; source: number; to: GivenLayer; target: number }, number]
  >();
  for (const { from, to, map } of links) {
    const { starts, targets, weights } = map.rows();
    for (let source = 0; source < from.size; source++)
      for (let place = at(starts, source); place < at(starts, source + 1); place++) {
        const target = at(targets, place);
        const key = `${from.name} ${source} ${to.name} ${target}`;
        if (!sums.has(key)) sums.set(key, [{ from, source, to, target }, 0]);
        known(sums, key)[1] += numberAt(weights, place);
      }
  }
  return [...sums.values()].filter(([, weight]) => weight !== 0);
}
