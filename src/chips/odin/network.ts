import {
  addAt,
  at,
  type ChipNetworks,
  type Core,
  type Counters,
  fieldNamed,
  type GivenNetwork,
  known,
  type MappedLayer,
  type MappedNetwork,
  numberAt,
  type RecordingAbout,
  type SpikeTrain,
} from '../api.ts';
import { OdinEvents, spikeOf, timeReferenceOfAll, virtual } from './events.ts';
import type { OdinNetworkOptions } from './options.ts';
import {
  largestNumbers,
  type OdinLayer,
  type OdinPlacement,
  odinLayer,
  odinModel,
  odinNeurons,
  type Places,
  placeOnOdin,
  refuseOnOdin,
} from './placement.ts';

/** Networks on ODIN: feed-forward, of neurons that spike, in the chip's own arithmetic. */
export const odinNetworks: ChipNetworks = {
  program: 'odin',
  delivery: 'same',
  hasLeaked: false,
  map: mapToOdin,
};

function mapToOdin(network: GivenNetwork): MappedNetwork {
  checkLinks(network);
  const layers = network.stages.map((stage) => odinLayer(stage, network));
  const placement = placeOnOdin(network, layers);
  const options = optionsOf(network, layers, placement);
  const level = options.level * largestNumbers.weight;
  const places = new Map(
    [...placement.neurons].map(([name, neurons]) => [name, neurons.map((own) => watched(own))]),
  );
  return {
    fields: memoriesOf(layers, placement, options),
    section: { network: options },
    layers: layers.map(({ layer, units }) =>
      mappedLayer(layer.name, units, known(placement.neurons, layer.name)),
    ),
    notes: layers.flatMap((layer) => [...notesOn(layer), ...silentNotes(layer, placement)]),
    start(core) {
      const running = new OdinNetwork(core, options);
      const of = (values: ArrayLike<number>, layer: string): number[] =>
        known(places, layer).map((neuron) => at(values, neuron));
      return {
        present: (sample, stepped) => running.present(sample, stepped),
        spikes: (layer) => of(running.spiked, layer),
        potentials: (layer) => of(running.potentials(), layer).map((potential) => potential - level),
      };
    },
  };
}

function checkLinks({ links }: GivenNetwork): void {
  for (const { to, isLate, delay } of links) {
    if (isLate)
      refuseOnOdin(to, 'spikes arrive as soon as they are sent, and the recurrent ones here a step later');
    if (delay !== 0) refuseOnOdin(to, 'spikes arrive as soon as they are sent, and those here are delayed');
  }
}

/** The place of a neuron whose spikes are counted. Both spike at once where there are two. */
function watched({ excites, inhibits }: Places): number {
  const place = excites ?? inhibits;
  if (place === undefined) throw new Error('a neuron without a place');
  return place;
}

function optionsOf(
  { readout }: GivenNetwork,
  layers: readonly OdinLayer[],
  { inputs, rest, constant, neurons, closedLoop }: OdinPlacement,
): OdinNetworkOptions {
  const most = (of: (layer: OdinLayer) => Int32Array): number =>
    layers.reduce((large, layer) => of(layer).reduce((value, other) => Math.max(value, other), large), 0);
  const gains = most(({ change }) => change);
  const threshold = most((layer) => layer.threshold);
  const leaks = layers.some(({ change }) => change.some((value) => value < 0));
  const level = leaks ? 0 : levelAt(threshold);
  return {
    inputs: inputs.map((own) => rowsOf(own)),
    answers: known(neurons, readout.name).map((own) => watched(own)),
    closedLoop,
    leaks,
    ...(constant !== undefined && {
      constant: { row: constant, times: Math.ceil(gains / largestNumbers.weight) },
    }),
    // A potential is below the threshold.
    rest: { row: rest, times: Math.max(1, Math.ceil((threshold - 1) / largestNumbers.weight) + level) },
    level,
  };
}

/**
 * How far above 0 neurons rest, in events, so that inhibition is not lost: twice the threshold, as far as 8 bits go. A
 * leak would end at 0, so that neurons which leak rest there.
 */
function levelAt(threshold: number): number {
  const { weight } = largestNumbers;
  return Math.min(
    Math.ceil((2 * threshold) / weight),
    Math.floor((largestNumbers.threshold - threshold) / weight),
  );
}

function rowsOf({ excites, inhibits }: Places): number[] {
  return [inhibits, excites].filter((row) => row !== undefined);
}

/** The contents of ODIN's memories: unused neurons send nothing, and no synapse is mapped, so that none learns. */
function memoriesOf(
  layers: readonly OdinLayer[],
  { neurons, inputs, synapses, rest, constant }: OdinPlacement,
  options: OdinNetworkOptions,
): MappedNetwork['fields'] {
  const perNeuron = (value: number) => new Uint8Array(odinNeurons).fill(value);
  const [thr, leak, leaks, disable] = [
    perNeuron(largestNumbers.threshold),
    perNeuron(0),
    perNeuron(0),
    perNeuron(1),
  ];
  const signs = perNeuron(0);
  const weights = new Uint8Array(odinNeurons * odinNeurons);
  const set = (row: number, neuron: number, weight: number): void => {
    weights[row * odinNeurons + neuron] = weight;
  };
  signs[rest] = 1;
  for (const { layer, threshold, change } of layers)
    for (const [neuron, own] of known(neurons, layer.name).entries())
      for (const place of rowsOf(own)) {
        const ends = numberAt(change, neuron);
        thr[place] = numberAt(threshold, neuron) + options.level * largestNumbers.weight;
        disable[place] = 0;
        leak[place] = Math.max(0, -ends);
        leaks[place] = Number(ends < 0);
        set(rest, place, largestNumbers.weight);
        if (constant !== undefined && ends > 0)
          set(
            constant,
            place,
            Math.min(largestNumbers.weight, Math.round(ends / (options.constant?.times ?? 1))),
          );
      }
  for (const [name, sent] of synapses)
    for (const [neuron, own] of sent.entries()) {
      const { excites, inhibits } = at(neurons.get(name) ?? inputs, neuron);
      if (inhibits !== undefined) signs[inhibits] = 1;
      for (const { to, target, weight } of own) {
        const row = weight > 0 ? excites : inhibits;
        if (row === undefined) throw new Error('a weight without a row');
        for (const place of rowsOf(at(known(neurons, to.name), target))) set(row, place, Math.abs(weight));
      }
    }
  const shape = [odinNeurons];
  return {
    'neurons.lif': { shape, data: perNeuron(1) },
    'neurons.thr': { shape, data: thr },
    'neurons.leak_str': { shape, data: leak },
    'neurons.leak_en': { shape, data: leaks },
    'neurons.disable': { shape, data: disable },
    'neurons.syn_sign': { shape, data: signs },
    'synapses.w': { shape: [odinNeurons, odinNeurons], data: weights },
  };
}

function mappedLayer(name: string, units: Float64Array, places: readonly Places[]): MappedLayer {
  const all = places.flatMap((own) => rowsOf(own));
  const twice = all.length - places.length;
  return {
    name,
    units,
    place: `neurons ${Math.min(...all)} to ${Math.max(...all)}${twice === 0 ? '' : `, ${twice} of them twice, for weights of both signs`}`,
  };
}

/** The differences on the chip. */
function notesOn({ layer, threshold, change }: OdinLayer): string[] {
  const { firing, kept } = odinModel(layer);
  const { node } = layer;
  const lowest = threshold.reduce((least, value) => Math.min(least, value), largestNumbers.threshold);
  return [
    ...(firing.reset === 'value'
      ? []
      : [`node '${node}': a spike resets a neuron of ODIN to 0 at once, and here it does otherwise`]),
    ...(lowest < coarse
      ? [`node '${node}': with weights of 3 bits, its threshold is ${lowest} units of the potential`]
      : []),
    ...(kept.some((share, neuron) => share < 1 && share > 0 && change[neuron] === 0)
      ? [
          `node '${node}': the leak of some of its neurons is less than half a unit in a step, and none on ODIN`,
        ]
      : []),
  ];
}

/** Neurons whose weights are all zero on the chip, so that they never spike by them. */
function silentNotes({ layer }: OdinLayer, { synapses }: OdinPlacement): string[] {
  const heard = new Set<number>();
  for (const sent of synapses.values())
    for (const own of sent) for (const { to, target } of own) if (to === layer) heard.add(target);
  return heard.size === layer.size
    ? []
    : [
        `node '${layer.node}': ${layer.size - heard.size} of its neurons have no weight on ODIN: theirs are too small beside their thresholds`,
      ];
}

/** Thresholds of fewer units get a note. */
const coarse = 16;

/**
 * A network in ODIN's memories. A time step is what the host makes of it: a time reference, the row of constants, then
 * the rows of the inputs that spike, each until the chip is idle.
 */
export class OdinNetwork {
  readonly #core: Core;
  readonly #options: OdinNetworkOptions;
  readonly #chip: OdinEvents;
  readonly #potentials: number;
  readonly #disabled: number;
  /** Neurons that have been reset to 0 and are to be raised to where they rest. */
  #reset: number[] = [];
  /** How often each neuron has spiked in the latest step. */
  readonly spiked = new Int32Array(256);

  constructor(core: Core, options: OdinNetworkOptions) {
    this.#core = core;
    this.#options = options;
    this.#potentials = fieldNamed(core.image, 'neurons.core');
    this.#disabled = fieldNamed(core.image, 'neurons.disable');
    // No synapse is mapped, so that none learns.
    const registers = { isOpen: Number(!options.closedLoop), propagatesUnmapped: 1 };
    this.#chip = new OdinEvents(core, registers, (neuron) => {
      addAt(this.spiked, neuron, 1);
      this.#reset.push(neuron);
    });
  }

  /** See {@link OdinEvents.record}. */
  record(about: RecordingAbout): () => unknown {
    return this.#chip.record(about);
  }

  counters(): Counters {
    return this.#chip.counters();
  }

  resetCounters(): void {
    this.#chip.resetCounters();
  }

  /** The potentials of all neurons. */
  potentials(): ArrayLike<number> {
    return this.#core.read(this.#potentials);
  }

  /**
   * Presents a sample, from rest.
   *
   * @param stepped called after each step
   * @returns how often each neuron that answers has spiked
   */
  present({ steps, offsets, indices }: SpikeTrain, stepped: (step: number) => void): Int32Array {
    const { inputs, answers, leaks, constant } = this.#options;
    const scores = new Int32Array(answers.length);
    this.#rest();
    for (let step = 0; step < steps; step++) {
      this.spiked.fill(0);
      if (leaks) this.#send(timeReferenceOfAll);
      if (constant !== undefined) this.#repeat(constant);
      const spiking = indices.subarray(offsets[step], offsets[step + 1]);
      for (const input of spiking) for (const row of at(inputs, input)) this.#send(spikeOf(row));
      for (const [place, neuron] of answers.entries()) addAt(scores, place, numberAt(this.spiked, neuron));
      stepped(step);
    }
    return scores;
  }

  /** Brings all neurons to 0, and those of the network to where they rest. */
  #rest(): void {
    const { row, times } = this.#options.rest;
    for (let time = 0; time < times; time++) this.#chip.send(spikeOf(row), true);
    this.#reset = Array.from(this.#core.read(this.#disabled)).flatMap((disabled, neuron) =>
      disabled === 0 ? [neuron] : [],
    );
    this.#raise();
  }

  #repeat({ row, times }: OdinNetworkOptions['rest']): void {
    for (let time = 0; time < times; time++) this.#send(spikeOf(row));
  }

  #send(address: number): void {
    this.#chip.send(address, true);
    this.#raise();
  }

  /** Raises neurons that have been reset. A level is below each threshold, so that none spikes by that. */
  #raise(): void {
    const reset = this.#reset;
    this.#reset = [];
    for (const neuron of reset)
      for (let time = 0; time < this.#options.level; time++) this.#chip.send(virtual(neuron, false), true);
  }
}
