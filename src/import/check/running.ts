import { neuronOf, type Processor, populationOf, presented } from '../../engine/index.ts';
import { type CoreImage, neuronIn, valueIn } from '../../image/index.ts';
import { type InputData, trainOf } from '../input-data.ts';
import type { Entry } from '../input-numbers.ts';
import type { Network, NirStage } from '../map/stages.ts';
import type { CauseTally } from './causes.ts';

/** A layer of a network that runs in integers. */
export interface RunningLayer {
  readonly stage: NirStage;
  readonly isSpiking: boolean;
  /** The bits of the number of spikes in a step; absent for neurons that spike at most once, or without a limit. */
  readonly countBits?: number | undefined;
  /** How many steps it lags behind the input. */
  readonly depth: number;
  /** The number of a neuron where its spikes and its potential are. */
  number(neuron: number): number;
  /** A stored potential in units of the graph. */
  inGraph(neuron: number, stored: number): number;
  /** The value that would be stored, in units of the graph, for a potential of the graph and its spikes in the step. */
  expected(neuron: number, v: number, spikes: number): number;
  /** Spikes in the latest step. */
  spikes(): ArrayLike<number>;
  /** Potentials after it; undefined if there are none. */
  potentials(): ArrayLike<number> | undefined;
}

/** A network that runs in integers, whatever runs it. */
export interface RunningNetwork {
  readonly image: Pick<CoreImage, 'program'> & {
    readonly core: Pick<CoreImage['core'], 'hwModel' | 'precision'>;
  };
  readonly input: NirStage;
  readonly layers: readonly RunningLayer[];
  /** Tells drift apart by its causes, where these are known. */
  readonly causes?: CauseTally | undefined;
  /**
   * Presents a sample.
   *
   * @param stepped called after each step
   * @returns the score of a neuron of the layer that answers
   */
  present(
    data: InputData,
    sample: number,
    stepped: (step: number) => void,
  ): (neuron: number) => number | undefined;
}

/** A network as its own program has it: its layers, and the field with the answer. */
export interface NetworkView {
  readonly network: Network;
  readonly entry: Entry;
  readonly layers: readonly Omit<RunningLayer, 'depth' | 'spikes' | 'potentials'>[];
  readonly answer: {
    readonly field: string;
    /** The place of a neuron of the stage that answers. */
    number(neuron: number): number;
  };
  /** Tells drift apart by its causes, where these are known. */
  causes?(): CauseTally;
}

/** A network that runs as a program of its own on a core. */
export function runningOn(
  core: Processor,
  { network, entry, layers, answer, causes }: NetworkView,
): RunningNetwork {
  const { populations, fields } = core.image;
  const counts = populations.map(({ size }) => new Float64Array(size));
  const numberOf = (field: string) => fields.findIndex(({ name }) => name === field);
  const scores = numberOf(answer.field);
  return {
    image: core.image,
    input: network.input,
    layers: layers.map((layer): RunningLayer => {
      const { name } = layer.stage;
      const own = counts[populations.findIndex((population) => population.name === name)];
      const v = numberOf(`${name}.v`);
      return {
        ...layer,
        depth: network.depths.get(name) ?? 0,
        spikes: () => own ?? [],
        potentials: () => core.read(v),
      };
    }),
    causes: causes?.(),
    present(data, sample, stepped) {
      const train = presented(core.image, trainOf({ network, entry }, data, sample));
      core.begin({ label: 0, learn: false, steps: train.steps, spikes: train });
      for (let step = 0; step < train.steps; step++) {
        countSpikes(core, core.step(), counts);
        stepped(step);
      }
      const answered = core.read(scores);
      return (neuron) => answered[answer.number(neuron)];
    },
  };
}

/** Counts the spikes of a step, by population and neuron. */
function countSpikes({ emitted, image }: Processor, count: number, counts: readonly Float64Array[]): void {
  for (const spikes of counts) spikes.fill(0);
  for (let at = 0; at < count; at++) {
    const address = emitted[at] ?? 0;
    const index = populationOf(address);
    const population = image.populations[index];
    const own = counts[index];
    if (population === undefined || own === undefined) continue;
    const spike = neuronOf(address);
    own[neuronIn(population, spike)] = population.payload === undefined ? 1 : valueIn(population, spike);
  }
}
