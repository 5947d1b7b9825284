import {
  addAt,
  at,
  type Core,
  type CoreImage,
  type Counters,
  coreImageOf,
  createCore,
  fieldNamed,
  type Image,
  indexOfLargest,
  Memory,
  type NetworkCounts,
  PlasticoreError,
  sizeNamed,
} from '../api.ts';
import { type RancConfig, RancController, type RancObserver } from './controller.ts';
import type { RancMesh } from './mesh.ts';
import type { RancOptions } from './options.ts';
import { PacketList, type TimedPacket } from './packets.ts';
import { EE, fifosPerRouter, NN, SS, WW } from './topology.ts';

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
    const synops = chip.units.reduce((sum, _, router) => sum + (chip.countsOf(router)?.synops ?? 0), 0);
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
      // The output bus sends none.
      sent: chip.units.map((_, router) => chip.countsOf(router)?.packets ?? 0),
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

/** The FIFOs between routers, in the order of a mesh's directions: where their words go, and along which axis. */
const lanes = [
  { fifo: EE, dx: 1, dy: 0 },
  { fifo: WW, dx: -1, dy: 0 },
  { fifo: SS, dx: 0, dy: -1 },
  { fifo: NN, dx: 0, dy: 1 },
] as const;

/**
 * The traffic of a chip. Each word that is written into a FIFO between two routers is a hop; those that would leave
 * the grid stay where they are. Its time is that of the clock: ticks come when they come, and cores wait for them.
 */
function rancTraffic(mesh: RancMesh, run: Run): NetworkCounts {
  const { columns, psPerCycle, cycles, slowestCycles, ticks, left, busy, sent, received } = run;
  const { routers } = mesh.topology;
  const rows = routers / columns;
  const loads = new Float64Array(4 * routers);
  const hops = { x: 0, y: 0 };
  for (let router = 0; router < routers; router++)
    for (const [direction, { fifo, dx, dy }] of lanes.entries()) {
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

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
