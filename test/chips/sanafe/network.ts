import { at } from 'plasticore/chips';
import type { LifGroup, SanafeNetwork, SynapseUnit } from './trace-parts.ts';

/** The parameters of a neuron, complete. */
export interface LifParameters {
  readonly threshold: number;
  readonly reset: number;
  readonly reset_mode: 'hard' | 'soft' | 'none';
  readonly reverse_threshold: number;
  readonly reverse_reset: number;
  readonly reverse_reset_mode: 'hard' | 'soft' | 'saturate' | 'none';
  readonly leak_decay: number;
  readonly input_decay: number;
  readonly bias: number;
  readonly refractory_delay: number;
  /** At the start. */
  readonly potential: number;
}

/** A packet that a neuron sends whenever it fires: to one core, for some synapses. */
interface Fanout {
  readonly core: number;
  readonly targets: readonly number[];
  readonly weights: readonly number[];
}

interface SanafeNeuron {
  readonly core: number;
  /** Undefined for an input. */
  readonly lif: LifParameters | undefined;
  /** The unit that serves the synapses onto it. */
  readonly synapse: SynapseUnit | undefined;
  /** In the order in which packets leave. */
  readonly fanouts: readonly Fanout[];
}

/** A network as it is mapped to cores. */
export interface MappedNetwork {
  readonly neurons: readonly SanafeNeuron[];
  /** By core that holds neurons, ascending: its neurons in the order in which it processes them. */
  readonly cores: readonly { readonly core: number; readonly neurons: readonly number[] }[];
}

export function mapNetwork(network: SanafeNetwork): MappedNetwork {
  const { groups, core, edges, packet_core_order, mapping_order } = network;
  const neurons = groups.flatMap((group) =>
    Array.from({ length: group.count }, (_, place): SanafeNeuron => {
      const neuron = group.first + place;
      return {
        core: at(core, neuron),
        lif: group.model === 'lif' ? parametersOf(group, place) : undefined,
        synapse: group.model === 'lif' ? (group.per_neuron.synapse?.[place] ?? group.synapse) : undefined,
        fanouts: fanoutsOf(at(edges, neuron), core, packet_core_order),
      };
    }),
  );
  const order = mapping_order === 'as numbered' ? neurons.map((_, neuron) => neuron) : mapping_order;
  const byCore = new Map<number, number[]>();
  for (const neuron of order) {
    const { core: of } = at(neurons, neuron);
    const list = byCore.get(of);
    if (list === undefined) byCore.set(of, [neuron]);
    else list.push(neuron);
  }
  const cores = [...byCore].sort(([a], [b]) => a - b).map(([of, list]) => ({ core: of, neurons: list }));
  return { neurons, cores };
}

type NumberName = Exclude<keyof LifParameters, 'reset_mode' | 'reverse_reset_mode'>;

/** The parameters of a neuron of a group: its own, else the group's, else those that the program assumes. */
function parametersOf({ params, per_neuron }: LifGroup, at: number): LifParameters {
  const number = (name: NumberName, otherwise = 0) => per_neuron[name]?.[at] ?? params[name] ?? otherwise;
  return {
    threshold: number('threshold'),
    reset: number('reset'),
    reset_mode: per_neuron.reset_mode?.[at] ?? params.reset_mode ?? 'hard',
    reverse_threshold: number('reverse_threshold'),
    reverse_reset: number('reverse_reset'),
    reverse_reset_mode: per_neuron.reverse_reset_mode?.[at] ?? params.reverse_reset_mode ?? 'none',
    leak_decay: number('leak_decay', 1),
    input_decay: number('input_decay'),
    bias: number('bias'),
    refractory_delay: number('refractory_delay'),
    potential: number('potential'),
  };
}

function fanoutsOf(
  [targets, weights]: SanafeNetwork['edges'][number],
  coreOf: readonly number[],
  order: readonly number[],
): readonly Fanout[] {
  const byCore = new Map<number, { targets: number[]; weights: number[] }>();
  for (const [index, target] of targets.entries()) {
    const core = at(coreOf, target);
    const fanout = byCore.get(core) ?? { targets: [], weights: [] };
    byCore.set(core, fanout);
    fanout.targets.push(target);
    fanout.weights.push(at(weights, index));
  }
  return order.flatMap((core) => {
    const fanout = byCore.get(core);
    return fanout === undefined ? [] : [{ core, ...fanout }];
  });
}
