import type * as z from 'zod';
import {
  addAt,
  at,
  type Core,
  type Counters,
  DataController,
  fieldNamed,
  key,
  list,
  numberAt,
  PlasticoreError,
  type RecordingAbout,
  recordingOf,
  type SpikeTrain,
  share,
  strictObject,
  truth,
  type Watcher,
  whole,
} from '../api.ts';

const neuron = whole('a neuron', 0, 255);
const repeated = (what: string) =>
  strictObject({
    row: key(neuron, 'The row.', 7),
    times: key(whole(what, 1, 256), 'How often it is sent.', 1),
  });

/** `network:` in the section `odin` of an experiment: how a network in ODIN's memories is presented with samples. */
const odinNetworkOptions = strictObject({
  inputs: key(
    list(list(neuron, 'rows'), 'the rows of each input'),
    'The rows of synapses that a spike of each input is sent to, in this order.',
    [[0, 1], [2]],
  ),
  answers: key(list(neuron, 'neurons'), 'The neurons that answer, one for each class.', [4, 5]),
  closedLoop: key(truth, 'Whether spikes of neurons enter the scheduler, and so reach the neurons behind.'),
  leaks: key(truth, 'Whether each step begins with a time reference, in which all neurons leak.'),
  constant: key(
    repeated('a number of spikes').optional(),
    'The row that is sent in each step for what neurons gain by themselves, and how often.',
    { row: 7, times: 1 },
  ),
  rest: key(
    repeated('a number of spikes'),
    'The row that inhibits all neurons, and how often it is sent before each sample, until all are at rest.',
    { row: 6, times: 37 },
  ),
  level: key(
    whole('a number of events', 0, 36),
    'How many virtual events of weight 7 raise a neuron from 0 to where it rests: before each sample, and after each of its spikes.',
    4,
  ),
});

export type OdinNetworkOptions = Readonly<z.infer<typeof odinNetworkOptions>>;

/** `odin:` in an experiment: how the host teaches digits to ODIN and asks it, or presents a network with samples. */
export const odinOptions = strictObject({
  pixelThreshold: key(
    whole('a pixel', 0, 255).default(60),
    'Pixels brighter than this spike, the brightest first.',
    90,
  ),
  threshold: key(whole('a threshold', 1, 255).default(255), 'Firing threshold of the ten neurons.', 255),
  marginPixels: key(
    whole('a number of pixels', 0, 255).default(8),
    'A right answer is taught too if another neuron spikes within this many pixels after it.',
    16,
  ),
  learnedShare: key(share.default(0.1), 'Share of the pixels that spike again when a digit is taught.', 0.2),
  shareDecay: key(share.default(0.5), 'Factor that multiplies that share after each epoch.', 0.7),
  longestPixels: key(
    whole('a number of pixels', 1, 2 ** 16).default(300),
    'If no neuron has spiked after this many pixels, there is no answer.',
    300,
  ),
  network: key(
    odinNetworkOptions.optional(),
    'A network in the arrays of the program, as `import` makes it, and how it is presented with samples. Nothing is taught then, and the other keys mean nothing.',
    {
      inputs: [[2]],
      answers: [0, 1],
      closedLoop: false,
      leaks: true,
      rest: { row: 3, times: 6 },
      level: 0,
    },
  ),
});

export type OdinOptions = Readonly<z.infer<typeof odinOptions>>;

/** Addresses of input events, as the chip decodes them. */

/** A spike of a neuron: its row of synapses. */
export const spikeOf = (pre: number): number => (pre << 8) | 7;
/** The leak of one neuron. */
export const timeReference = (post: number): number => (post << 8) | 0xff;
/** The leak of all neurons. */
const timeReferenceOfAll = 0x7f;
/** The largest weight, of a synapse or of a virtual event. */
export const largestWeight = 7;
/** A virtual event: an update of one neuron by the largest weight, without a synapse. */
export const virtual = (post: number, inhibits: boolean): number =>
  (post << 8) | (largestWeight << 5) | (Number(inhibits) << 4) | 1;

/** Sends events to ODIN, whose controller the hw-model states, and tells which neurons spike. */
export class OdinEvents {
  readonly #chip: DataController;
  #event: (mode: number, address: number) => void;

  /**
   * @param registers of the controller, by name; others are 0
   * @param spiked called with each neuron that spikes
   * @throws PlasticoreError `image` if the core's image is not ODIN's
   */
  constructor(core: Core, registers: Readonly<Record<string, number>>, spiked: (neuron: number) => void) {
    const chip = new DataController([core]);
    checkSizes(core, chip);
    for (const [name, value] of Object.entries(registers)) chip.write(name, 0, [value]);
    chip.hear('spikes', ([, neuron = 0]) => spiked(neuron));
    this.#chip = chip;
    this.#event = chip.input('event');
  }

  /**
   * Requests an input event in the current cycle and runs the chip until the event is done, so that the next one can
   * follow back to back.
   *
   * @param address 17 bits
   * @param drains whether to run on until the chip is idle
   */
  send(address: number, drains: boolean): void {
    this.#event(drains ? 0 : 1, address);
  }

  counters(): Counters {
    return this.#chip.counters();
  }

  resetCounters(): void {
    this.#chip.resetCounters();
  }

  watch(watcher: Watcher): readonly number[] {
    return this.#chip.watch(watcher);
  }

  /** Writes down what the chip does from its start on. The function that it returns drains it, and gives the trace. */
  record(about: RecordingAbout): () => unknown {
    const recording = recordingOf(this.#chip, about);
    this.#event = (mode, address) => recording.send('event', [mode, address]);
    return () => {
      recording.send('drain', []);
      return recording.finish();
    };
  }
}

/** The hw-model states the size of the scheduler twice: what it costs, and what it holds. */
function checkSizes({ image: { core } }: Core, { data }: DataController): void {
  const depth = data.queues?.scheduler?.depth;
  if (depth === core.fifoDepth) return;
  throw new PlasticoreError(
    'image',
    `hw-model '${core.hwModel}': its router has a FIFO of ${core.fifoDepth} entries, and its controller a scheduler of ${depth}`,
    { hint: 'router.fifoDepth and controller.queues.scheduler.depth are the same' },
  );
}

/**
 * A network in ODIN's memories. A time step is what the host makes of it: a time reference, the row of constants, then
 * the rows of the inputs that spike, each until the chip is idle.
 */
export class OdinNetwork {
  readonly #core: Core;
  readonly #options: OdinNetworkOptions;
  readonly chip: OdinEvents;
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
    this.chip = new OdinEvents(core, registers, (neuron) => {
      addAt(this.spiked, neuron, 1);
      this.#reset.push(neuron);
    });
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
    for (let time = 0; time < times; time++) this.chip.send(spikeOf(row), true);
    this.#reset = Array.from(this.#core.read(this.#disabled)).flatMap((disabled, neuron) =>
      disabled === 0 ? [neuron] : [],
    );
    this.#raise();
  }

  #repeat({ row, times }: OdinNetworkOptions['rest']): void {
    for (let time = 0; time < times; time++) this.#send(spikeOf(row));
  }

  #send(address: number): void {
    this.chip.send(address, true);
    this.#raise();
  }

  /** Raises neurons that have been reset. A level is below each threshold, so that none spikes by that. */
  #raise(): void {
    const reset = this.#reset;
    this.#reset = [];
    for (const neuron of reset)
      for (let time = 0; time < this.#options.level; time++) this.chip.send(virtual(neuron, false), true);
  }
}
