import type * as z from 'zod';
import {
  addAt,
  at,
  type Core,
  type CoreImage,
  type Counters,
  coreImageOf,
  createCore,
  type FifoMesh,
  fieldNamed,
  fifosPerRouter,
  type Image,
  indexOfLargest,
  key,
  lanesOfRouter,
  list,
  Memory,
  type NetworkCounts,
  PlasticoreError,
  sizeNamed,
  strictObject,
  whole,
} from '../api.ts';
import {
  PacketList,
  type RancConfig,
  RancController,
  type RancObserver,
  type TimedPacket,
} from './controller.ts';

/** Features of a sample, and the core whose axons they are. */
const window = strictObject({
  x: key(whole('a column of the mesh', 0, 2 ** 15), 'Column of the core.', 1),
  y: key(whole('a row of the mesh', 0, 2 ** 15), 'Row of the core.', 0),
  first: key(
    whole('the number of a feature', 0),
    'The feature, counted from 0, that is axon 0 of the core. Those that follow it are the other axons, as far as there are features.',
    82,
  ),
});

/** `ranc:` in an experiment: how the host presents samples to RANC, and reads answers from what leaves the chip. */
export const rancOptions = strictObject({
  threshold: key(
    whole('a feature', 0, 255).default(127),
    'Features above it are sent, as one packet to each core in whose window they are.',
    127,
  ),
  windows: key(
    list(window, 'windows').min(1, { error: 'expected at least one window' }),
    'The cores that samples are sent to, and which features of a sample they see.',
    [
      { x: 0, y: 0, first: 0 },
      { x: 1, y: 0, first: 82 },
    ],
  ),
  ticks: key(whole('a number of ticks', 1, 2 ** 16), 'Ticks of a sample.', 3),
  answerTick: key(
    whole('a tick', 0, 2 ** 16),
    'The tick of a sample, counted from 0, from which on packets that leave the chip are counted for the answer.',
    2,
  ),
  classes: key(
    whole('a number of classes', 1, 2 ** 16).default(10),
    'A packet that leaves the chip speaks for class axon mod `classes`. The first class of those that most packets speak for is the answer.',
    10,
  ),
  tickCycles: key(whole('a number of cycles', 1, 2 ** 30), 'Cycles from one tick to the next.', 18_100),
  inputFifoDepth: key(
    whole('the depth of the input FIFO', 1, 2 ** 16).default(512),
    'Packets that the FIFO in front of the chip holds.',
    512,
  ),
});

export type RancOptions = z.infer<typeof rancOptions>;

/** Cycles from a packet's entry into the input FIFO to its delivery at (0, 0), and those of a hop. */
const entryCycles = 6;
const hopCycles = 2;
/** A merge moves a packet in so many cycles, so the input FIFO never fills. */
const packetCycles = 2;

/**
 * A chip of RANC, and the host that presents samples to it: packets, as fast as a router takes them, then ticks at a
 * steady rate. Nothing of a sample is left for the next one, so each is as the first.
 */
export class RancPresenter {
  readonly chip: RancController;
  readonly #image: CoreImage;
  readonly #options: RancOptions;
  readonly #columns: number;
  /** What each core's potentials start from. */
  readonly #potentials: readonly Float64Array[];
  readonly #votes: Float64Array;
  /** By neuron of a core: spikes of the sample. */
  readonly #spikes: Float64Array;
  /** By router: packets received from others or from outside, and cycles from ticks until the core was ready. */
  readonly #received: Float64Array;
  readonly #busy: Float64Array;
  /** By tick of the sample, cycles of the slowest core. */
  readonly #slowest: Float64Array;
  #slowestCycles = 0;
  #left = 0;
  #ticksBefore = 0;
  #samples = 0;

  /**
   * @param image the chip's cores, each with what it starts with
   * @param observer sees what the chip does, beside the host
   */
  constructor(
    image: Image,
    engine: string,
    options: RancOptions,
    config: RancConfig,
    observer: RancObserver = {},
  ) {
    this.#image = coreImageOf(image);
    const cores = image.cores.map((part) => filledCore(this.#image, part, engine));
    this.#options = options;
    this.#columns = config.columns;
    const potential = fieldNamed(this.#image, 'neurons.potential');
    this.#potentials = cores.map((core) => core.read(potential).slice());
    this.#votes = new Float64Array(options.classes);
    this.#spikes = new Float64Array(sizeNamed(this.#image, 'neurons'));
    const routers = config.columns * config.rows;
    this.#received = new Float64Array(routers);
    this.#busy = new Float64Array(routers);
    this.#slowest = new Float64Array(options.ticks);
    this.chip = new RancController(cores, config, {
      ...observer,
      missed: (cycle, core) => {
        observer.missed?.(cycle, core);
        this.#refuse(`core ${core} misses the tick in cycle ${cycle}: it is still busy with the one before`);
      },
      spiked: (cycle, tick, core, neuron) => {
        observer.spiked?.(cycle, tick, core, neuron);
        addAt(this.#spikes, neuron, 1);
      },
      ticked: (core, tick, accepted, ready, stalls, synops) => {
        observer.ticked?.(core, tick, accepted, ready, stalls, synops);
        const cycles = ready - accepted;
        addAt(this.#busy, core, cycles);
        const own = tick - this.#ticksBefore;
        this.#slowest[own] = Math.max(this.#slowest[own] ?? 0, cycles);
      },
      delivered: (cycle, core, packet, slot, fate) => {
        observer.delivered?.(cycle, core, packet, slot, fate);
        addAt(this.#received, core, 1);
      },
      output: (cycle, tick, packet) => {
        observer.output?.(cycle, tick, packet);
        this.#left += 1;
        if (tick - this.#ticksBefore >= options.answerTick)
          addAt(this.#votes, packet.axon % options.classes, 1);
      },
    });
    this.chip.resetCounters();
  }

  /**
   * Presents a sample.
   *
   * @returns the class that most packets speak for, the first of several
   */
  present(features: ArrayLike<number>): number {
    const { chip } = this;
    const { ticks, tickCycles } = this.#options;
    this.#begin();
    const { packets, arrived } = this.#packetsOf(features);
    chip.run({ ticks: [], input: new PacketList(packets) }, arrived);
    if (chip.mesh.isMoving) throw new Error('packets of a sample that are late');
    const due = Array.from({ length: ticks }, (_, tick) => arrived + tick * tickCycles);
    chip.run({ ticks: due, input: new PacketList([]) }, arrived + ticks * tickCycles);
    this.#end();
    return indexOfLargest(this.#votes);
  }

  /** Adds the spikes of the latest sample, by the number of a neuron on its core. */
  countSpikes(counts: Float64Array): void {
    for (const [neuron, spikes] of this.#spikes.entries()) addAt(counts, neuron, spikes);
  }

  /**
   * What has been counted in all samples. Synaptic operations are axons that are connected and active; all others only
   * take their cycle.
   */
  counters(): Counters {
    const { chip } = this;
    const counters = chip.counters();
    const synops = sum(chip.synops);
    const work = counters.work.map((own, index) =>
      this.#image.kernels[index]?.counts === 'sop' ? { ...own, items: synops } : own,
    );
    return {
      ...counters,
      work,
      samples: this.#samples,
      steps: this.#samples * this.#options.ticks,
      network: this.#network(),
    };
  }

  resetCounters(): void {
    this.chip.resetCounters();
    this.#received.fill(0);
    this.#busy.fill(0);
    this.#left = 0;
    this.#slowestCycles = 0;
    this.#samples = 0;
  }

  #network(): NetworkCounts {
    const { chip } = this;
    const counted = chip.counters().cycles ?? 0;
    return rancTraffic(chip.mesh, {
      columns: this.#columns,
      psPerCycle: 1e6 / this.#image.costs.clockMhz,
      cycles: counted,
      slowestCycles: this.#slowestCycles,
      ticks: this.#samples * this.#options.ticks,
      left: this.#left,
      busy: [...this.#busy],
      sent: [...chip.packets],
      received: [...this.#received],
    });
  }

  /** The packets of a sample, window by window, and the first cycle in which all of them have arrived. */
  #packetsOf(features: ArrayLike<number>): { packets: readonly TimedPacket[]; arrived: number } {
    const { windows, threshold } = this.#options;
    const axons = sizeNamed(this.#image, 'axons');
    const packets: TimedPacket[] = [];
    let { cycle } = this.chip;
    let arrived = cycle;
    for (const { x, y, first } of windows) {
      for (let axon = 0; axon < axons && first + axon < features.length; axon++) {
        if ((features[first + axon] ?? 0) <= threshold) continue;
        packets.push({ cycle, dx: x, dy: y, axon, offset: 0 });
        arrived = cycle + entryCycles + hopCycles * (x + y) + 1;
        cycle += packetCycles;
      }
    }
    return { packets, arrived };
  }

  #begin(): void {
    this.#ticksBefore = this.chip.ticks;
    this.#votes.fill(0);
    this.#spikes.fill(0);
    this.#slowest.fill(0);
    const potential = fieldNamed(this.#image, 'neurons.potential');
    const scheduler = fieldNamed(this.#image, 'scheduler.bit');
    const empty = new Uint8Array(sizeNamed(this.#image, 'axons') * sizeNamed(this.#image, 'slots'));
    for (const [index, core] of this.chip.cores.entries()) {
      core.write(potential, this.#potentials[index] ?? empty);
      core.write(scheduler, empty);
    }
  }

  #end(): void {
    const { chip } = this;
    const busy = chip.units.findIndex((unit) => unit?.busyWith !== undefined);
    if (busy >= 0) this.#refuse(`core ${busy} is still busy when the last tick of a sample ends`);
    if (chip.mesh.isMoving)
      this.#refuse('packets are still on their way when the last tick of a sample ends');
    this.#slowestCycles += this.#slowest.reduce((sum, cycles) => sum + cycles, 0);
    this.#samples += 1;
  }

  #refuse(message: string): never {
    throw new PlasticoreError('invalid-value', `ranc.tickCycles is ${this.#options.tickCycles}: ${message}`, {
      hint: 'more cycles from tick to tick; a core that waits for full FIFOs takes longer',
    });
  }
}

/** A core with what it starts with. All have one image, so that its code is made once. */
function filledCore(
  image: CoreImage,
  { image: { contents }, number }: Image['cores'][number],
  engine: string,
): Core {
  const core = createCore(image, { engine, index: number });
  const memory = new Memory(image, contents);
  for (const [index, field] of image.fields.entries())
    if (field.layout !== undefined) core.write(index, memory.access(image, field).readAll());
  return core;
}

/** What is known of a run beside the writes into FIFOs; lists have an item for each router. */
interface Run {
  readonly columns: number;
  readonly psPerCycle: number;
  readonly cycles: number;
  /** The cycles that the slowest core of each tick took. */
  readonly slowestCycles: number;
  readonly ticks: number;
  /** Packets that left the chip. */
  readonly left: number;
  readonly busy: readonly number[];
  readonly sent: readonly number[];
  readonly received: readonly number[];
}

/**
 * The traffic of a chip. Each word that is written into a FIFO between two routers is a hop; those that would leave
 * the grid stay where they are. Its time is that of the clock: ticks come when they come, and cores wait for them.
 */
function rancTraffic(mesh: FifoMesh, run: Run): NetworkCounts {
  const { columns, psPerCycle, cycles, slowestCycles, ticks, left, busy, sent, received } = run;
  const { routers } = mesh.topology;
  const rows = routers / columns;
  const loads = new Float64Array(4 * routers);
  const hops = { x: 0, y: 0 };
  for (let router = 0; router < routers; router++)
    for (const [direction, { fifo, dx, dy }] of lanesOfRouter.entries()) {
      const [x, y] = [(router % columns) + dx, Math.floor(router / columns) + dy];
      if (x < 0 || x >= columns || y < 0 || y >= rows) continue;
      const words = at(mesh.writes, router * fifosPerRouter + fifo);
      addAt(loads, 4 * (x + y * columns) + direction, words);
      hops[dx === 0 ? 'y' : 'x'] += words;
    }
  const arrived = sum(received);
  return {
    timePs: cycles * psPerCycle,
    sendingPs: slowestCycles * psPerCycle,
    receivingPs: 0,
    linkPs: 0,
    barrierPs: (cycles - slowestCycles) * psPerCycle,
    barrier: ticks,
    send: sum(sent),
    receive: arrived,
    tile: arrived + left,
    values: 0,
    hopX: hops.x,
    hopY: hops.y,
    busyPs: busy.map((own) => own * psPerCycle),
    sent: [...sent],
    received: [...received],
    loads: [...loads],
  };
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0);
}
