import type { NdArray, SpikeTrain } from '../data/index.ts';
import type { Core } from '../engine/index.ts';
import type { NodeConventions } from '../nir/index.ts';

/** Neurons of a network that is to run on a chip, in doubles: v = kept v + drive, and what comes in, in each step. */
export interface GivenLayer {
  readonly name: string;
  /** The node of the graph that it was, for messages. */
  readonly node: string;
  readonly size: number;
  readonly model: GivenModel | undefined;
}

/** What these neurons do in a step. */
export interface GivenModel {
  /** The share of a potential that a step keeps. */
  readonly kept: Float64Array;
  /** The number added in each step. */
  readonly drive: Float64Array;
  /** The potential before the first step. */
  readonly start: Float64Array;
  /** Present if a current filters what comes in. */
  readonly current: object | undefined;
  /** Absent for neurons that do not spike. */
  readonly firing:
    | {
        readonly threshold: Float64Array;
        readonly fires: NodeConventions['fires'];
        /** `dead`: to zero, and the input of the step after a spike is lost. `none`: the threshold has no memory. */
        readonly reset: NodeConventions['reset'] | 'dead' | 'none';
        readonly resetTo: Float64Array;
      }
    | undefined;
}

/** Weights between two layers, in units of the potential of the target. */
export interface GivenLink {
  readonly from: GivenLayer;
  readonly to: GivenLayer;
  /** Whether spikes arrive in the next step. */
  readonly isLate: boolean;
  /** Steps by which spikes are delayed, of all synapses or of each neuron of one end. */
  readonly delay: number | object;
  readonly map: {
    /** The weights of each neuron, sorted by target. */
    rows(): {
      readonly starts: Uint32Array;
      readonly targets: Uint32Array;
      readonly weights: Float64Array;
    };
  };
}

/** A network that is to run on a chip with a controller of its own. */
export interface GivenNetwork {
  readonly input: GivenLayer;
  /** In the order in which they act within a step. */
  readonly stages: readonly GivenLayer[];
  readonly links: readonly GivenLink[];
  /** By layer, how many steps it lags behind the input; empty if spikes arrive in the step that sends them. */
  readonly depths: ReadonlyMap<string, number>;
  /** The layer that answers. */
  readonly readout: GivenLayer;
}

/** A layer as it is on a chip. */
export interface MappedLayer {
  readonly name: string;
  /** For each neuron, what 1 of the graph's potential is on the chip. */
  readonly units: Float64Array;
  /** The neurons of the chip that it is, in words. */
  readonly place: string;
}

/** A network on a chip. */
export interface MappedNetwork {
  /** The initial contents of the memories of the chip's program, by field: `neurons.thr`. */
  readonly fields: Readonly<Record<string, NdArray>>;
  /** Parameters of the program that have another value. */
  readonly parameters?: Readonly<Record<string, number>> | undefined;
  /** The section of the experiment. */
  readonly section: Readonly<Record<string, unknown>>;
  readonly layers: readonly MappedLayer[];
  /** The differences on the chip, a sentence each. */
  readonly notes: readonly string[];
  /** Runs it on a core that has the program, with these memories. */
  start(core: Core): RunningChip;
}

/** A network that runs on a chip, seen as its layers. */
export interface RunningChip {
  /**
   * Presents a sample, from rest.
   *
   * @param stepped called after each step
   * @returns what each class has gathered
   */
  present(sample: SpikeTrain, stepped: (step: number) => void): ArrayLike<number>;
  /** How often each neuron of a layer has spiked in the step that has just been. */
  spikes(layer: string): ArrayLike<number>;
  /** The potentials after it. */
  potentials(layer: string): ArrayLike<number>;
}

/** How networks come to a chip whose neurons are fixed. */
export interface ChipNetworks {
  /** The bundled program of the chip. */
  readonly program: string;
  /** When spikes between layers arrive: in the same step, or in the next one. */
  readonly delivery: 'same' | 'next';
  /** Whether potentials that are read after a step have leaked for the next one. */
  readonly hasLeaked: boolean;
  /**
   * Puts a network on the chip.
   *
   * @param steps the most steps of a sample
   * @throws PlasticoreError `fit` with the reason if the chip cannot run it
   */
  map(network: GivenNetwork, steps: number): MappedNetwork;
}

/**
 * The neurons of a layer, for chips whose neurons spike, have no synaptic current, start at 0, and are reset to it
 * or by their threshold.
 *
 * @param words why neurons that do not spike are refused, why thresholds are above 0, and what resets there are
 */
export function plainModel(
  { model }: GivenLayer,
  refuse: (reason: string) => never,
  words: { readonly silent: string; readonly rest: string; readonly reset: string },
) {
  if (model?.firing === undefined) return refuse(words.silent);
  const { firing, start, current } = model;
  if (current !== undefined) refuse('its neurons have no synaptic current');
  const lowest = firing.threshold.find((value) => !(value > 0));
  if (lowest !== undefined)
    refuse(`a threshold of ${lowest} is not above 0, where its neurons ${words.rest}`);
  const other = firing.resetTo.find((value) => value !== 0);
  if (other !== undefined && firing.reset === 'value')
    refuse(`its neurons are reset ${words.reset}, and these to ${other}`);
  const first = start.find((value) => value !== 0);
  if (first !== undefined) refuse(`its neurons start a sample at 0, and these at ${first}`);
  return { ...model, firing };
}
