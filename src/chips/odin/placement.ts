import {
  at,
  type GivenLayer,
  type GivenLink,
  type GivenNetwork,
  known,
  magnitude,
  numberAt,
  PlasticoreError,
  plainModel,
} from '../api.ts';
import { largestWeight } from './host.ts';

/** Neurons of ODIN, which are as many as its rows of synapses. */
export const odinNeurons = 256;

/** A synapse from a neuron of one layer to a neuron of another. */
interface Synapse {
  readonly target: number;
  readonly to: GivenLayer;
  readonly weight: number;
}

/** Where a neuron is: a row has one sign, so a neuron that excites and inhibits others is there twice. */
export interface Places {
  readonly excites: number | undefined;
  readonly inhibits: number | undefined;
}

/** The neurons and rows of ODIN that a network takes. */
export interface OdinPlacement {
  readonly closedLoop: boolean;
  /** By layer: the places of each neuron. A neuron that nothing hears counts as one that excites. */
  readonly neurons: ReadonlyMap<string, readonly Places[]>;
  readonly inputs: readonly Places[];
  readonly rest: number;
  readonly constant: number | undefined;
  /** The spikes that each neuron of a layer, and each input, sends. */
  readonly synapses: ReadonlyMap<string, readonly (readonly Synapse[])[]>;
}

/**
 * Gives the neurons of a network, and the signs of their weights, rows of ODIN's crossbar.
 *
 * @throws PlasticoreError `fit` if there are too few
 */
export function placeOnOdin(network: GivenNetwork, layers: readonly OdinLayer[]): OdinPlacement {
  const { input, stages } = network;
  const synapses = synapsesOf(network, layers);
  const closedLoop = stages.some(({ name }) => isHeard(known(synapses, name)));
  const rows = new Rows();
  const neurons = new Map(stages.map(({ name }) => [name, rows.of(known(synapses, name), true)]));
  const own = rows.count;
  // In an open loop nothing hears spikes of neurons, so that rows of inputs may be theirs.
  if (!closedLoop) rows.count = 0;
  const first = rows.count;
  const inputs = rows.of(known(synapses, input.name));
  const ofInputs = rows.count - first;
  const rest = rows.next();
  const constant = layers.some(({ change }) => change.some((value) => value > 0)) ? rows.next() : undefined;
  const needed = Math.max(rows.count, own);
  if (needed > odinNeurons)
    throw new PlasticoreError(
      'fit',
      `the network takes ${needed} rows of ODIN's crossbar, which has ${odinNeurons}: ${own} for neurons, ${ofInputs} for inputs, ${rows.count - first - ofInputs} that bring neurons to rest and keep them driven`,
      {
        hint: 'a row excites or inhibits, so an input or a neuron with weights of both signs takes two; an input has no other way in',
      },
    );
  return { closedLoop, neurons, inputs, rest, constant, synapses };
}

/** Counts rows. */
class Rows {
  count = 0;

  next(): number {
    this.count += 1;
    return this.count - 1;
  }

  /**
   * A row for each sign of what each neuron sends. The one that inhibits comes first, so that a potential which both
   * bring to its threshold together does not cross it in between.
   *
   * @param takesSilent whether one that sends nothing takes a row, too
   */
  of(sent: readonly (readonly Synapse[])[], takesSilent = false): Places[] {
    return sent.map((own) => {
      const inhibits = own.some(({ weight }) => weight < 0) ? this.next() : undefined;
      const excites = own.some(({ weight }) => weight > 0) || (takesSilent && own.length === 0);
      return { inhibits, excites: excites ? this.next() : undefined };
    });
  }
}

function isHeard(synapses: readonly (readonly Synapse[])[]): boolean {
  return synapses.some((sent) => sent.length > 0);
}

/** All weights that are not zero on the chip, by the neuron that sends. Several between two neurons are one. */
function synapsesOf({ input, stages, links }: GivenNetwork, layers: readonly OdinLayer[]) {
  const sums = new Map(
    [input, ...stages].map(({ name, size }) => [
      name,
      Array.from({ length: size }, () => new Map<string, Synapse>()),
    ]),
  );
  for (const { from, to, map } of links) {
    const { starts, targets, weights } = map.rows();
    const sent = sums.get(from.name) ?? [];
    for (const [neuron, own] of sent.entries())
      for (let place = starts[neuron] ?? 0; place < (starts[neuron + 1] ?? 0); place++) {
        const target = at(targets, place);
        const key = `${to.name} ${target}`;
        const weight = (own.get(key)?.weight ?? 0) + numberAt(weights, place);
        own.set(key, { target, to, weight });
      }
  }
  const unitsOf = new Map(layers.map(({ layer, units }) => [layer.name, units]));
  return new Map(
    [...sums].map(([name, sent]) => [
      name,
      sent.map((own) =>
        [...own.values()].flatMap((synapse) => {
          const units = unitsOf.get(synapse.to.name);
          if (units === undefined) throw new Error(`no units of ${synapse.to.name}`);
          const weight = odinWeight(synapse.weight, numberAt(units, synapse.target));
          return weight === 0 ? [] : [{ ...synapse, weight }];
        }),
      ),
    ]),
  );
}

/** Largest numbers of ODIN's memories: a weight of 3 bits, a threshold of 8, a leak of 7. */
export const largestNumbers = { weight: largestWeight, threshold: 255, leak: 127 } as const;

/** A layer in ODIN's numbers. */
export interface OdinLayer {
  readonly layer: GivenLayer;
  /** The number on the chip for which 1 of a neuron's potential stands. */
  readonly units: Float64Array;
  readonly threshold: Int32Array;
  /** The number that a step adds to a potential by itself; negative if it takes. */
  readonly change: Int32Array;
}

/** Refuses what ODIN cannot run. */
export function refuseOnOdin({ node }: GivenLayer, reason: string): never {
  throw new PlasticoreError('fit', `node '${node}' does not run on ODIN: ${reason}`);
}

/** The neurons of a layer, if ODIN has such. */
export function odinModel(layer: GivenLayer) {
  const refuse = (reason: string): never => refuseOnOdin(layer, reason);
  const model = plainModel(layer, refuse, {
    silent: 'its neurons tell nothing but their spikes, and these do not spike',
    rest: 'rest and end inhibition',
    reset: 'to 0',
  });
  const growing = model.kept.find((value) => !(value >= 0 && value <= 1));
  if (growing !== undefined) refuse(`a step multiplies a potential by ${growing}, which is no leak`);
  return model;
}

/**
 * Chooses for each neuron what 1 of its potential is on the chip, so that its weights lose least as numbers of 3 bits
 * and its threshold and its leak have room.
 */
export function odinLayer(layer: GivenLayer, { links }: GivenNetwork): OdinLayer {
  const { firing, kept, drive } = odinModel(layer);
  const into = weightsByTarget(
    links.filter(({ to }) => to === layer),
    layer.size,
  );
  const units = new Float64Array(layer.size);
  const [threshold, change] = [new Int32Array(layer.size), new Int32Array(layer.size)];
  for (let neuron = 0; neuron < layer.size; neuron++) {
    const limit = numberAt(firing.threshold, neuron);
    const ends = changeOf(numberAt(kept, neuron), numberAt(drive, neuron), limit);
    const room = Math.min(
      largestNumbers.threshold / limit - 1e-6,
      ends < 0 ? largestNumbers.leak / -ends : Infinity,
    );
    const unit = bestUnit(at(into, neuron), room);
    units[neuron] = unit;
    threshold[neuron] = thresholdOf(limit * unit, firing.fires);
    change[neuron] = Math.round(ends * unit);
  }
  return { layer, units, threshold, change };
}

/**
 * What a step adds to a potential: ODIN's leak takes the same from all potentials, so it takes what that of the graph
 * takes at half the threshold; where nothing is kept, all.
 */
function changeOf(kept: number, drive: number, threshold: number): number {
  return drive - (kept === 0 ? threshold : ((1 - kept) * threshold) / 2);
}

/** The least whole number at which a neuron fires. */
function thresholdOf(threshold: number, fires: 'above' | 'reaches' | 'each'): number {
  const near = Math.round(threshold);
  const isWhole = Math.abs(threshold - near) < 1e-6;
  if (fires === 'above') return (isWhole ? near : Math.floor(threshold)) + 1;
  return Math.max(1, isWhole ? near : Math.ceil(threshold));
}

/** Largest weights in units of the chip that are tried: above 7, some are clipped. */
const tried = [10, 9.5, 9, 8.5, 8, 7.5, 7, 6, 5, 4, 3, 2, 1];

/** The unit at which weights lose least, not above a limit; of several, the largest. */
function bestUnit(weights: readonly number[], room: number): number {
  const most = magnitude(weights);
  if (most === 0) return room;
  let [best, least] = [Math.min(room, largestNumbers.weight / most), Infinity];
  for (const level of tried) {
    const unit = Math.min(room, level / most);
    const lost = weights.reduce((sum, weight) => sum + (odinWeight(weight, unit) / unit - weight) ** 2, 0);
    // Rounding of the sum itself must not decide between units that lose nothing.
    if (lost < least * (1 - 1e-9) - 1e-12 * most * most) [best, least] = [unit, lost];
  }
  return best;
}

function odinWeight(weight: number, unit: number): number {
  return Math.max(-largestNumbers.weight, Math.min(largestNumbers.weight, Math.round(weight * unit)));
}

function weightsByTarget(links: readonly GivenLink[], size: number): number[][] {
  const into = Array.from({ length: size }, (): number[] => []);
  for (const { map } of links) {
    const { targets, weights } = map.rows();
    for (const [place, target] of targets.entries()) at(into, target).push(numberAt(weights, place));
  }
  return into;
}
