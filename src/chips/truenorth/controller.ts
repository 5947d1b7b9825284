import {
  ActivityTally,
  addRuns,
  at,
  barrierTime,
  type ChipActivity,
  type ChipContents,
  type ChipCores,
  type ChipModel,
  type ChipWork,
  type CoreImage,
  type Counters,
  type Crew,
  createCore,
  isKnown,
  Mesh,
  ModuleCores,
  type NetworkCounts,
  namesIn,
  neurons,
  noCounts,
  PlasticoreError,
  type ProgramView,
  TrafficCounters,
  type WorkCount,
} from '../api.ts';
import { checkSizes, MachineCores } from './machine-cores.ts';

/** The parts of a chip. */
export interface TrueNorthParts {
  /** Program `truenorth`, compiled for a core. */
  readonly image: CoreImage;
  readonly model: ChipModel | undefined;
  readonly contents: ChipContents;
  /** `reference`: each core is one of the machine. Both engines give the same spikes, potentials and counts. */
  readonly engine: 'reference' | 'fast';
  /** Threads that run the fast engine; the present one alone if absent, and for any program but the bundled one. */
  readonly crew?: Crew<ChipWork> | undefined;
}

/** TrueNorth: all cores of a chip, and what they and the network between them have done. */
export class TrueNorthChip {
  readonly mesh: Mesh;
  readonly cores: ChipCores;
  readonly #image: CoreImage;
  readonly #tickNs: number;
  /** What a core's work counts if an axon is active, and in each tick, by piece of work. */
  readonly #perAxon: readonly WorkCount[];
  readonly #perTick: readonly WorkCount[];
  readonly #total: ActivityTally;
  #samples = 0;
  #latest: ChipActivity | undefined;

  /** @throws PlasticoreError `image`, `fit` or `data` for parts that do not fit */
  constructor({ image, model, contents, engine, crew }: TrueNorthParts) {
    const chip = checkTicks(image, model);
    const mesh = new Mesh(chip.mesh);
    this.mesh = mesh;
    this.#image = image;
    this.#tickNs = barrierTime(chip.costs.barrier, mesh.tiles);
    checkSizes(image);
    const hasModule = engine === 'fast' && isKnown(image);
    this.cores = hasModule
      ? new ModuleCores(image, mesh, contents, crew)
      : new MachineCores(image, mesh, contents, engine);
    this.#total = new ActivityTally(mesh.cores);
    const core = createCore(image, { engine: 'reference' });
    const { event } = namesIn(core, 'truenorth');
    core.triggerEach(event('axon'), [0]);
    this.#perAxon = core.counters().work;
    core.resetCounters();
    core.trigger(event('tick'));
    this.#perTick = core.counters().work;
  }

  /**
   * Runs a sample from its beginning.
   *
   * @param settle ticks before those that are counted
   */
  run(sample: number, settle: number, ticks: number): void {
    this.cores.begin(sample);
    this.cores.run(settle);
    this.cores.resetActivity();
    this.cores.run(ticks);
    this.#latest = this.cores.activity();
    this.#total.add(this.#latest);
    this.#samples += 1;
  }

  /** Adds the spikes of the latest sample, by the number of a neuron on its core. */
  countSpikes(counts: Float64Array): void {
    const { spikes = [] } = this.#latest ?? {};
    for (let neuron = 0; neuron < spikes.length; neuron++)
      counts[neuron % neurons] = (counts[neuron % neurons] ?? 0) + (spikes[neuron] ?? 0);
  }

  resetCounters(): void {
    this.#total.reset();
    this.#samples = 0;
  }

  /**
   * What has been counted in all samples. Work follows from the ticks and the active axons; of the synapses of an axon,
   * those that are connected count.
   */
  counters(): Counters {
    const image = this.#image;
    const { ticks, axons, events, spikes } = this.#total;
    const counts = noCounts(image);
    const activeAxons = sum(axons);
    for (const [index, kernel] of image.kernels.entries()) {
      const work = at(counts.work, index);
      addRuns(work, at(this.#perAxon, index), activeAxons);
      addRuns(work, at(this.#perTick, index), ticks * this.mesh.cores);
      if (kernel.projection !== undefined) work.items = sum(events);
      if (kernel.population !== undefined) counts.spikes[kernel.population] = sum(spikes);
    }
    return { ...counts, samples: this.#samples, steps: ticks, network: this.#network() };
  }

  /** The traffic of the network: each spike is a packet to the destination of its neuron. */
  #network(): NetworkCounts {
    const { ticks, spikes, busyTicks } = this.#total;
    const tickPs = Math.round(this.#tickNs * 1000);
    const carried = new TrafficCounters(this.mesh);
    for (const [neuron, packets] of spikes.entries())
      if (packets > 0)
        carried.count(Math.floor(neuron / neurons), this.cores.destinationOf(neuron), 0, packets);
    const [east, west, south, north] = carried.hopsByDirection();
    const { packets } = carried;
    return {
      timePs: ticks * tickPs,
      sendingPs: 0,
      receivingPs: 0,
      linkPs: 0,
      barrierPs: ticks * tickPs,
      barrier: ticks,
      send: packets,
      receive: packets,
      tile: packets,
      values: 0,
      hopX: east + west,
      hopY: south + north,
      busyPs: Array.from(busyTicks, (busy) => busy * tickPs),
      sent: [...carried.packetsSent],
      received: [...carried.packetsReceived],
      loads: [...carried.loads()],
    };
  }
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0);
}

/**
 * Checks that an hw-model's chip has ticks and no time within them: all cores do what is due in a tick, and the barrier
 * is its length.
 *
 * @throws PlasticoreError `fit`
 */
export function checkTicks(image: ProgramView, chip: ChipModel | undefined): ChipModel {
  const fail = (message: string, hint: string): never => {
    throw new PlasticoreError('fit', `hw-model '${image.core.hwModel}' ${message}`, { hint });
  };
  if (chip === undefined)
    return fail('has no section chip: expected a mesh of cores', 'see hw-model truenorth');
  if (chip.mesh.coresPerTile !== 1)
    fail(`has ${chip.mesh.coresPerTile} cores in a tile, expected 1`, 'packets name cores by their distance');
  const { send, receive, tile, hop, link } = chip.costs;
  const times = [send.latencyNs, receive.latencyNs, tile.latencyNs, hop.latencyNs.x, hop.latencyNs.y];
  const takesTime = image.costs.work.some(
    ({ stated }) => stated === undefined || stated.cyclesPerItem > 0 || stated.cyclesPerTile > 0,
  );
  if (takesTime || link?.packetNs !== undefined || times.some((ns) => ns > 0))
    fail(
      'states times of kernels or packets: expected a tick, the latency of the barrier, and no time within it',
      'set them to 0, and state no packetNs of links',
    );
  return chip;
}
