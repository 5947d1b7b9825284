import type { ChipNetworks, MappedNetwork } from '../../chips/index.ts';
import { neuronOf, type Processor, populationOf, presented } from '../../engine/index.ts';
import { type CoreImage, neuronIn, valueIn } from '../../image/index.ts';
import type { InputData } from '../input-data.ts';
import { trainOf } from '../input-train.ts';
import { type Network, type NirStage, storedPotential } from '../map/index.ts';
import { numbering } from '../program/index.ts';
import type { IntegerNetwork, IntegerStage } from '../quantise/index.ts';
import { CauseTally } from './causes.ts';

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

/** A network that runs as a program of its own on a core. */
export function runningOn(
  core: Processor,
  { integers, readout }: { readonly integers: IntegerNetwork; readonly readout: NirStage },
): RunningNetwork {
  const { network } = integers;
  const { populations, fields } = core.image;
  const counts = populations.map(({ size }) => new Float64Array(size));
  const score = numbering(readout, network.pictures);
  const scores = fields.findIndex(({ name }) => name === `${readout.name}.score`);
  const layers = integers.stages
    .filter(({ stage }) => stage.type !== 'Output')
    .map((integer): RunningLayer => {
      const { name } = integer.stage;
      const own = counts[populations.findIndex((population) => population.name === name)];
      const v = fields.findIndex((field) => field.name === `${name}.v`);
      return {
        ...layerOf(integer),
        depth: network.depths.get(name) ?? 0,
        number: numbering(integer.stage, network.pictures),
        spikes: () => own ?? [],
        potentials: () => core.read(v),
      };
    });
  return {
    image: core.image,
    input: network.input,
    layers,
    causes: new CauseTally(integers),
    present(data, sample, stepped) {
      const train = presented(core.image, trainOf(integers, data, sample));
      core.begin({ label: 0, learn: false, steps: train.steps, spikes: train });
      for (let step = 0; step < train.steps; step++) {
        countSpikes(core, core.step(), counts);
        stepped(step);
      }
      const answered = core.read(scores);
      return (neuron) => answered[score(neuron)];
    },
  };
}

/** The part of a layer that does not depend on a core. */
function layerOf({
  stage,
  scale,
  threshold,
}: IntegerStage): Pick<RunningLayer, 'stage' | 'isSpiking' | 'countBits' | 'inGraph' | 'expected'> {
  const { given, potential } = scale;
  const unit = 2 ** -potential;
  const unitOf = (neuron: number): number => stage.model?.unit[neuron] ?? 1;
  return {
    stage,
    isSpiking: threshold !== undefined,
    ...(given.is === 'count' && { countBits: given.bits }),
    inGraph: (neuron, stored) => unitOf(neuron) * unit * stored,
    expected: (neuron, v, spikes) =>
      stage.model === undefined ? v : unitOf(neuron) * storedPotential(stage.model, neuron, v, spikes),
  };
}

/** Counts the spikes of a step, by population and neuron. */
export function countSpikes(
  { emitted, image }: Processor,
  count: number,
  counts: readonly Float64Array[],
): void {
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

/** A network that runs on the neurons of a chip. */
export function runningOnChip(
  core: Parameters<MappedNetwork['start']>[0],
  { delivery, hasLeaked }: Pick<ChipNetworks, 'delivery' | 'hasLeaked'>,
  network: Network,
  mapped: MappedNetwork,
): RunningNetwork {
  const running = mapped.start(core);
  const layers = network.stages.flatMap((stage): RunningLayer[] => {
    const layer = mapped.layers.find(({ name }) => name === stage.name);
    if (layer === undefined) return [];
    const { units } = layer;
    const unitOf = (neuron: number): number => stage.model?.unit[neuron] ?? 1;
    return [
      {
        stage,
        isSpiking: stage.model?.firing !== undefined,
        depth: delivery === 'same' ? 0 : (network.depths.get(stage.name) ?? 0),
        number: (neuron) => neuron,
        inGraph: (neuron, stored) => (stored / (units[neuron] ?? 1)) * unitOf(neuron),
        // A chip adds what a neuron gains by itself with its input, not when it leaks.
        expected: (neuron, v, spikes) =>
          hasLeaked && stage.model !== undefined
            ? unitOf(neuron) *
              (storedPotential(stage.model, neuron, v, spikes) - (stage.model.drive[neuron] ?? 0))
            : v,
        spikes: () => running.spikes(stage.name),
        potentials: () => running.potentials(stage.name),
      },
    ];
  });
  return {
    image: core.image,
    input: network.input,
    layers,
    present(data, sample, stepped) {
      const train = trainOf({ network, entry: 'each step' }, data, sample);
      const scores = running.present(train, stepped);
      return (neuron) => scores[neuron];
    },
  };
}
