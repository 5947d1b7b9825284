import type { NirNode, TensorShape } from '../../nir/index.ts';
import type { InputNumbers } from '../input-numbers.ts';
import type { Delay, PathNode } from './delay.ts';
import type { LinearMap } from './linear.ts';
import type { Model } from './model.ts';
import type { Picture } from './sliding.ts';

/** The origin of a population: an input, neurons, or a node where edges meet. */
export interface NirStage {
  /** Its name in the program. */
  readonly name: string;
  /** The node in the graph. */
  readonly node: string;
  readonly type: NirNode['type'];
  /** As the graph has it. */
  readonly shape: TensorShape;
  readonly size: number;
  /** Undefined for the input. */
  readonly model: Model | undefined;
}

/** The origin of a projection: all linear nodes on a path between two stages. */
export interface Link {
  readonly name: string;
  readonly from: NirStage;
  readonly to: NirStage;
  /** The nodes on the path. */
  readonly nodes: readonly string[];
  readonly path: readonly PathNode[];
  /** Whether spikes arrive in the next step. */
  readonly isLate: boolean;
  /** The additional delay of spikes. */
  readonly delay: Delay;
  /** In units of the target's potential, or of its current: weights with the gain of its model. */
  readonly map: LinearMap;
  /** Set if the weights times 2^scale are the integers that were trained, which are not rounded again. */
  readonly integerScale?: number | undefined;
}

/** A graph as populations and projections, in doubles. */
export interface Network {
  readonly input: NirStage;
  /** The input: links from it are in its units. */
  readonly numbers: InputNumbers;
  /** In the order in which they act within a step. */
  readonly stages: readonly NirStage[];
  readonly links: readonly Link[];
  /** By output node of the graph, the stage whose spikes or potentials it gives. */
  readonly outputs: ReadonlyMap<string, NirStage>;
  /** By stage, how many steps it lags behind the input; empty if spikes arrive in the step that emits them. */
  readonly depths: ReadonlyMap<string, number>;
  /** By stage, pictures whose neurons are numbered by place, then channel, as convolutions need it. */
  readonly pictures: ReadonlyMap<string, Picture>;
}

/**
 * Where gains go that differ from neuron to neuron of a convolution: into its weights, which are no longer shared then;
 * or to the neurons, each of which multiplies what it has gathered in a step.
 */
export type Gains = 'weights' | 'neurons';

/** How weights become those of a program. */
export interface WeightsWay {
  readonly gains: Gains;
  /** Set if they are whole numbers of so many bits times a scale, and are taken as they are. */
  readonly integerBits?: number | undefined;
}
