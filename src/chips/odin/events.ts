import {
  type Core,
  type Counters,
  DataController,
  PlasticoreError,
  type RecordingAbout,
  recordingOf,
} from '../api.ts';

/** Addresses of input events, as the chip decodes them. */

/** A spike of a neuron: its row of synapses. */
export const spikeOf = (pre: number): number => (pre << 8) | 7;
/** The leak of one neuron. */
export const timeReference = (post: number): number => (post << 8) | 0xff;
/** The leak of all neurons. */
export const timeReferenceOfAll = 0x7f;
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
