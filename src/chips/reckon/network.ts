import {
  addAt,
  at,
  type ChipNetworks,
  type Core,
  fieldNamed,
  type GivenLayer,
  type GivenNetwork,
  known,
  type MappedLayer,
  type MappedNetwork,
  numberAt,
  PlasticoreError,
  type SpikeTrain,
  sizeNamed,
} from '../api.ts';
import { type ReckonNetworkOptions, ReckonSamples } from './samples.ts';
import {
  isResetToZero,
  type ReckonLayer,
  reckonLayers,
  reckonModel,
  reckonWeight,
  refuseOnReckon,
  summed,
} from './scales.ts';

/** Neurons of ReckOn, which are as many as its inputs; outputs. */
const [most, mostOutputs] = [256, 16];

/** Networks on ReckOn: feed-forward and recurrent, of neurons that spike, with weights of 8 bits. */
export const reckonNetworks: ChipNetworks = {
  program: 'reckon',
  delivery: 'next',
  hasLeaked: true,
  map: mapToReckon,
};

function mapToReckon(network: GivenNetwork, steps: number): MappedNetwork {
  checkShape(network);
  const { layers, shifts } = reckonLayers(network);
  const first = placesOf(network);
  const constant = constantsOf(network);
  const registers: NetworkRegisters = {
    num_inp: even(network.input.size + constant.length),
    num_rec: even(network.stages.reduce((count, { size }) => even(count) + size, 0)),
    num_out: network.readout.size,
    rst_mode: Number(network.stages.some((layer) => isResetToZero(layer))),
    en_stoch_round: 0,
    fp_loc_winp: shifts.input,
    fp_loc_wrec: shifts.recurrent,
    fp_loc_wout: 0,
    // Outputs keep all that they have counted.
    kappa: 128,
  };
  // A spike of the last step is seen one tick later, and counted by an output after one more.
  const settle = (network.depths.get(network.readout.name) ?? 0) + 2;
  // A layer begins with a pair of its own, and the last neuron of an odd layer has one to itself.
  const ofPairs = (layer: ReckonLayer, value: (neuron: number) => number): number[] =>
    Array.from({ length: Math.ceil(layer.layer.size / 2) }, (_, pair) => value(2 * pair));
  const options: ReckonNetworkOptions = {
    inputs: network.input.size,
    alpha: layers.flatMap((layer) => ofPairs(layer, (neuron) => at(layer.alpha, neuron))),
    threshold: layers.flatMap((layer) => ofPairs(layer, () => layer.threshold)),
    constant,
    settle,
  };
  return {
    fields: memoriesOf(network, layers, first, constant, registers),
    parameters: { ...registers, do_eprop: 0 },
    section: { targetFrom: steps + settle - 1, network: options },
    layers: layers.map(({ layer, units }): MappedLayer => {
      const from = known(first, layer.name);
      return { name: layer.name, units, place: `neurons ${from} to ${from + layer.size - 1}` };
    }),
    notes: layers.flatMap((layer) => notesOn(layer)),
    start(core) {
      const running = new ReckonNetwork(core, registers, options);
      const of = (values: ArrayLike<number>, layer: string): number[] => {
        const from = known(first, layer);
        const size = network.stages.find(({ name }) => name === layer)?.size ?? 0;
        return Array.from({ length: size }, (_, neuron) => at(values, from + neuron));
      };
      return {
        present: (sample, stepped) => running.present(sample, stepped),
        spikes: (layer) => of(running.spiked, layer),
        potentials: (layer) => of(running.potentials(), layer),
      };
    },
  };
}

const even = (count: number): number => count + (count % 2);

function checkShape({ input, stages, links, readout }: GivenNetwork): void {
  for (const { to, delay } of links)
    if (delay !== 0) refuseOnReckon(to, 'spikes arrive in the next tick, and some of those here later');
  for (const stage of stages) {
    const { kept } = reckonModel(stage);
    const odd = kept.findIndex((share, neuron) => neuron % 2 === 1 && share !== kept[neuron - 1]);
    if (odd >= 0)
      refuseOnReckon(
        stage,
        `neurons ${odd - 1} and ${odd} are a pair, which has one leak, and theirs differ`,
      );
  }
  const [one, ...others] = stages;
  const other = others.find((stage) => one !== undefined && isResetToZero(stage) !== isResetToZero(one));
  if (other !== undefined)
    refuseOnReckon(other, 'all its neurons are reset alike, to zero or by their threshold');
  const neurons = even(stages.reduce((count, { size }) => even(count) + size, 0));
  for (const [count, has, what] of [
    [neurons, most, 'neurons, each layer in whole pairs'],
    [input.size, most, 'inputs'],
    [readout.size, mostOutputs, 'classes'],
  ] as const)
    if (count > has) throw new PlasticoreError('fit', `the network has ${count} ${what}, and ReckOn ${has}`);
}

/** The first neuron of each layer. A pair has neurons of one layer alone. */
function placesOf({ stages }: GivenNetwork): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  let next = 0;
  for (const { name, size } of stages) {
    first.set(name, next);
    next = even(next + size);
  }
  return first;
}

/** An input for what neurons gain by themselves, for each lag behind the input of layers that gain something. */
function constantsOf({ input, stages, depths }: GivenNetwork): ReckonNetworkOptions['constant'] {
  const lags = stages.flatMap((stage) =>
    reckonModel(stage).drive.some((value) => value !== 0) ? [depths.get(stage.name) ?? 0] : [],
  );
  const constant = [...new Set(lags)].sort((a, b) => a - b);
  if (input.size + constant.length > most)
    throw new PlasticoreError('fit', `no input is left for the biases, which take ${constant.length}`);
  return constant.map((from, place) => ({ input: input.size + place, from }));
}

function memoriesOf(
  { input, links, readout, depths }: GivenNetwork,
  layers: readonly ReckonLayer[],
  first: ReadonlyMap<string, number>,
  constant: ReckonNetworkOptions['constant'],
  { fp_loc_winp, fp_loc_wrec }: NetworkRegisters,
): MappedNetwork['fields'] {
  const [inputs, recurrent] = [new Int8Array(most * most), new Int8Array(most * most)];
  const outputs = new Int8Array(most * mostOutputs);
  const unitOf = new Map(layers.map(({ layer, units }) => [layer.name, units]));
  const placeOf = ({ name }: GivenLayer, neuron: number): number => known(first, name) + neuron;
  for (const { layer, units } of layers) {
    const gains = constant.find(({ from }) => from === (depths.get(layer.name) ?? 0))?.input;
    if (gains === undefined) continue;
    for (const [neuron, drive] of reckonModel(layer).drive.entries())
      inputs[gains * most + placeOf(layer, neuron)] = reckonWeight(
        drive,
        numberAt(units, neuron),
        fp_loc_winp,
      );
  }
  for (const [{ from, source, to, target }, weight] of summed(links)) {
    const unit = numberAt(known(unitOf, to.name), target);
    const place = placeOf(to, target);
    if (from === input) inputs[source * most + place] = reckonWeight(weight, unit, fp_loc_winp);
    else recurrent[placeOf(from, source) * most + place] = reckonWeight(weight, unit, fp_loc_wrec);
  }
  for (let neuron = 0; neuron < readout.size; neuron++)
    outputs[placeOf(readout, neuron) * mostOutputs + neuron] = 1;
  const square = [most, most];
  return {
    'synapses.winp': { shape: square, data: inputs },
    'synapses.wrec': { shape: square, data: recurrent },
    'readout.wout': { shape: [most, mostOutputs], data: outputs },
  };
}

/** The differences on the chip. */
function notesOn({ layer, threshold }: ReckonLayer): string[] {
  const { firing } = reckonModel(layer);
  const { node } = layer;
  return [
    ...(firing.fires === 'each'
      ? [`node '${node}': a neuron of ReckOn spikes once in a tick, and here it may more often`]
      : []),
    ...(firing.reset === 'subtract'
      ? [
          `node '${node}': ReckOn takes the threshold from a potential that has leaked, and here it leaks after that`,
        ]
      : []),
    ...(threshold < coarse
      ? [`node '${node}': its threshold is ${threshold} units of the potential, so that weights fit 8 bits`]
      : []),
  ];
}

/** Thresholds of fewer units get a note. */
const coarse = 64;

/** Registers that a network has values for, by their names in the program. */
export const networkRegisters = [
  'num_inp',
  'num_rec',
  'num_out',
  'rst_mode',
  'en_stoch_round',
  'fp_loc_winp',
  'fp_loc_wrec',
  'fp_loc_wout',
  'kappa',
] as const;
export type NetworkRegisters = Readonly<Record<(typeof networkRegisters)[number], number>>;

/**
 * A network in ReckOn's memories. A time step is a tick; what a neuron does in it is seen in the STEP of the next. The
 * outputs count the spikes of the neurons that answer, without a leak, and the chip finds the largest in its last tick.
 */
export class ReckonNetwork {
  readonly #core: Core;
  readonly #options: ReckonNetworkOptions;
  readonly #registers: NetworkRegisters;
  readonly chip: ReckonSamples;
  readonly #potentials: number;
  readonly #outputs: number;
  #stepped: (step: number) => void = () => {};
  /** Whether each neuron has spiked in the latest step. */
  readonly spiked = new Int32Array(256);

  constructor(core: Core, registers: NetworkRegisters, options: ReckonNetworkOptions) {
    this.#core = core;
    this.#options = options;
    this.#registers = registers;
    this.#potentials = fieldNamed(core.image, 'neurons.u');
    this.#outputs = fieldNamed(core.image, 'outputs.o');
    this.#program();
    // A chip that does not learn.
    this.chip = new ReckonSamples(
      core,
      { ...registers, do_eprop: 0, force_traces: 0 },
      {
        stepped: (tick, spikes) => {
          this.spiked.fill(0);
          for (const neuron of spikes) addAt(this.spiked, neuron, 1);
          this.#stepped(tick - 1);
        },
      },
    );
  }

  /** Writes leaks and thresholds: a word has those of a pair. Weights are in the program's arrays. */
  #program(): void {
    const { alpha, threshold } = this.#options;
    const { image } = this.#core;
    const write = (name: string, ofPair: (pair: number) => number) =>
      this.#core.write(
        fieldNamed(image, name),
        Int32Array.from({ length: sizeNamed(image, 'neurons') }, (_, neuron) => ofPair(neuron >> 1)),
      );
    write('neurons.alpha', (pair) => (alpha[pair] ?? unused.alpha) & 0xfff);
    write('neurons.alpha_conf', (pair) => (alpha[pair] ?? unused.alpha) >> 15);
    write('neurons.thr', (pair) => threshold[pair] ?? unused.threshold);
  }

  /** The potentials of all neurons. */
  potentials(): ArrayLike<number> {
    return this.#core.read(this.#potentials);
  }

  /**
   * Presents a sample.
   *
   * @param stepped called after each step
   * @returns how often each neuron that answers has spiked
   */
  present(
    { steps, offsets, indices }: SpikeTrain,
    stepped: (step: number) => void,
    label = 0,
  ): ArrayLike<number> {
    const { constant, settle } = this.#options;
    this.#stepped = stepped;
    const inputs = Array.from({ length: steps + settle }, (_, tick) => {
      const given = tick < steps ? indices.subarray(offsets[tick], offsets[tick + 1]) : [];
      const constants = constant.filter(({ from }) => from <= tick).map(({ input }) => input);
      // An input is active or not.
      return [...new Set([...given, ...constants])];
    });
    const targetFrom = inputs.length - 1;
    this.chip.run({ label, targetFrom, learns: false, inputs });
    return this.#core.read(this.#outputs).slice(0, this.#registers.num_out);
  }
}

/** A pair that is not used keeps what it has, and never spikes. */
const unused = { alpha: 0x8000, threshold: 2 ** 15 - 1 } as const;
