import { at, type GivenLayer, type GivenNetwork, known, numberAt, PlasticoreError } from '../../api.ts';
import { type OdinLayer, odinWeight } from './scales.ts';

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
