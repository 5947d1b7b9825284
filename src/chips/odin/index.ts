import {
  at,
  type Chip,
  type ChipNetworks,
  defineHost,
  type FeatureSet,
  type GivenNetwork,
  type Hosting,
  hostingNetwork,
  known,
  type LabelledSet,
  type MappedLayer,
  type MappedNetwork,
  type NamedSet,
  noEpoch,
  numberAt,
  PlasticoreError,
} from '../api.ts';
import { classes, digitPixels, OdinClassifier } from './classifier.ts';
import { OdinNetwork, type OdinNetworkOptions, type OdinOptions, odinOptions } from './host.ts';
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

export { OdinClassifier } from './classifier.ts';

/** Verilog files of the RTL of ODIN, in `src` of its repository. */
const odinSources: readonly string[] = [
  'ODIN',
  'controller',
  'scheduler',
  'fifo',
  'aer_out',
  'spi_slave',
  'neuron_core',
  'synaptic_core',
  'sdsp_update',
  'lif_neuron',
  'LIF_neuron_blocks/lif_calcium',
  'LIF_neuron_blocks/lif_neuron_state',
  'izh_neuron',
  'IZH_neuron_blocks/izh_calcium',
  'IZH_neuron_blocks/izh_effective_threshold',
  'IZH_neuron_blocks/izh_input_accumulator',
  'IZH_neuron_blocks/izh_neuron_state',
  'IZH_neuron_blocks/izh_stimulation_strength',
].map((name) => `${name}.v`);

/** Networks on ODIN: feed-forward, of neurons that spike, in the chip's own arithmetic. */
export const odinNetworks: ChipNetworks = {
  program: 'odin',
  delivery: 'same',
  hasLeaked: false,
  map: mapToOdin,
};

/**
 * ODIN: 256 neurons and 64k synapses that learn by spike-driven synaptic plasticity.
 *
 * Source: C. Frenkel et al., IEEE TBioCAS 13(1), 2019.
 */
export const odin: Chip = {
  name: 'odin',
  rtl: { from: 'the folder src of github.com/ChFrenkel/ODIN', sources: odinSources },
  networks: odinNetworks,
  published: [
    {
      hwModel: 'odin',
      of: 'inference',
      pj: 15_000,
      cite: 'Frenkel et al., IEEE TBioCAS 13(1), 2019: a digit of MNIST',
    },
  ],
  host: defineHost({
    description:
      "How the host teaches digits to ODIN and asks it: it sends events to the chip's controller, without an encoder or time steps. Or a network that is presented with samples.",
    options: odinOptions,
    registers: [],
    encodesSamples: true,
    hosting: odinHosting,
  }),
};

function odinHosting(options: OdinOptions): Hosting {
  const { network } = options;
  if (network === undefined) return hostingDigits(options);
  return hostingNetwork({
    chip: 'ODIN',
    section: { odin: { network } },
    inputs: network.inputs.length,
    classes: network.answers.length,
    start: (core) => new OdinNetwork(core, network),
  });
}

/** Hosts digits that ten neurons learn: they are sent as events, without an encoder or time steps. */
function hostingDigits(options: OdinOptions): Hosting {
  return {
    describe: () => JSON.stringify({ odin: options }),
    check: (_image, _encoding, set) => checkDigits(set),
    start({ cores, image }, _encoding, data) {
      const classifier = new OdinClassifier(at(cores, 0), options);
      const { chip } = classifier;
      const train = digitsOf(data.train, data.name);
      const test = digitsOf(data.test, data.name);
      const { seed } = image;
      return {
        learn: (sample, epoch) =>
          classifier.present({
            set: train,
            sample,
            epoch,
            seed,
            label: at(train.labels, sample),
            learn: true,
          }),
        ask: (sample, observe) =>
          classifier.present(
            { set: test, sample, epoch: noEpoch, seed, label: at(test.labels, sample), learn: false },
            observe,
          ),
        counters: () => chip.counters(),
        record: (about) => chip.record(about),
        watch: (watcher) => chip.watch(watcher),
        resetCounters: () => chip.resetCounters(),
      };
    },
  };
}

/**
 * Checks that a data set holds digits that ODIN can learn.
 *
 * @throws PlasticoreError `data`
 */
function checkDigits(set: NamedSet): void {
  digitsOf(set, set.name);
}

function digitsOf(set: LabelledSet, name: string): FeatureSet {
  const { kind, inputs, classes: found } = set;
  if (set.kind === 'features' && inputs === digitPixels && found <= classes) return set;
  throw new PlasticoreError(
    'data',
    `data set '${name}' has ${inputs} ${kind === 'features' ? 'features' : 'channels'} per sample and ${found} classes`,
    { hint: `ODIN learns digits of ${digitPixels} pixels, of at most ${classes} classes` },
  );
}

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
