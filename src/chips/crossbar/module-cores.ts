import type { Mesh } from '../../hardware/index.ts';
import type { CoreImage } from '../../image/index.ts';
import { type ChipWork, type Crew, chipTick, type Tick } from '../../machine/index.ts';
import { at, magnitude } from '../../text/index.ts';
import { fieldNamed } from '../controller.ts';
import {
  axonBytes,
  type ChipMemory,
  type CountName,
  chipMemory,
  coreBytes,
  countBytes,
  half,
  lineBytes,
  packCrossbar,
  packRules,
  planeBytes,
  type RecordName,
  recordBytes,
  ruleBytes,
  wholeLines,
} from './chip-memory.ts';
import { chipModule, pagesOf } from './chip-module.ts';
import {
  axons,
  axonTypes,
  type ChipActivity,
  type ChipContents,
  type ChipCores,
  type CoreContents,
  checkContents,
  destination,
  destinationsOf,
  neurons,
  slots,
} from './contents.ts';
import { largestNarrow } from './core-tick.ts';

/** Lanes of 8 bits are only worth it if they can add the weights of so many axons. */
const leastAtOnce = 4;

/**
 * The cores of a chip in one memory, with one module of WebAssembly that runs a tick of all of them. It does what cores
 * of the machine do with the program that it knows, see `isKnown`, and takes 17 KB for a core.
 */
export class ModuleCores implements ChipCores {
  readonly #contents: ChipContents;
  readonly #memory: ChipMemory;
  readonly #buffer: ArrayBufferLike;
  readonly #tick: Tick;
  readonly #crew: Crew<ChipWork> | undefined;
  /** The largest bound of potentials without upper bits. */
  readonly #limit: number;
  /** Where sets of rules are, by their numbers. */
  readonly #rules = new Map<string, number>();
  /** Whether any neuron is reset, rather than its threshold subtracted. */
  #clears = false;
  /** Bytes of weights so far. */
  #weightBytes = 0;
  #now = 0;
  #ticks = 0;
  /** Spikes of each neuron but for those of the latest ticks, so many. */
  readonly #spikes: Uint32Array;
  #uncounted = 0;

  /**
   * @param crew threads that run it together; the present one alone if absent
   * @throws PlasticoreError `image` for another program, `data` for contents that a core cannot hold
   */
  constructor(image: CoreImage, mesh: Mesh, contents: ChipContents, crew?: Crew<ChipWork>) {
    this.#contents = contents;
    this.#crew = crew;
    this.#memory = chipMemory(mesh.cores, crew?.threads ?? 1);
    this.#spikes = new Uint32Array(mesh.cores * neurons);
    const potentialBits = at(image.fields, fieldNamed(image, 'neurons.potential')).bits;
    const initial = pagesOf(this.#memory);
    const memory = new WebAssembly.Memory(
      crew === undefined ? { initial } : { initial, maximum: initial, shared: true },
    );
    this.#buffer = memory.buffer;
    this.#limit = largestNarrow(potentialBits);
    for (let core = 0; core < mesh.cores; core++) {
      const held = contents.contentsOf(core);
      checkContents(image, held);
      this.#load(core, held);
      this.#destinations.set(destinationsOf(mesh, core, held), core * neurons);
    }
    this.#layBuckets();
    const bytes = chipModule(this.#memory, {
      potentialBits,
      clears: this.#clears,
      isShared: crew !== undefined,
    });
    const module = new WebAssembly.Module(bytes);
    this.#tick = chipTick({ module, memory });
    crew?.join(() => ({ is: 'chip', module, memory }));
  }

  /** Gives each bucket room for a packet of each neuron that sends to it. */
  #layBuckets(): void {
    const { threads, groups, groupBits, coresPerThread, bases, buckets } = this.#memory;
    const sizes = new Int32Array(threads * groups);
    for (const [neuron, to] of this.#destinations.entries()) {
      const thread = Math.floor(neuron / neurons / coresPerThread);
      const bucket = thread * groups + (destination.core(to) >> groupBits);
      sizes[bucket] = (sizes[bucket] ?? 0) + 2;
    }
    let place = buckets;
    for (const [bucket, size] of sizes.entries()) {
      sizes[bucket] = place;
      place += wholeLines(size);
    }
    new Int32Array(this.#buffer, bases, sizes.length).set(sizes);
  }

  #load(core: number, contents: CoreContents): void {
    const { fields } = contents;
    const weights = (['w0', 'w1', 'w2', 'w3'] as const).map((name) => fields[`neurons.${name}`]);
    const step = Math.max(...weights.map(magnitude));
    const hasBytes = step * leastAtOnce <= 127;
    const width = hasBytes ? 1 : 2;
    const first = this.#weightBytes;
    const place = this.#memory.weights + first;
    this.#weightBytes += axonTypes * neurons * width;
    const packed = hasBytes
      ? new Int8Array(this.#buffer, place, axonTypes * neurons)
      : new Int16Array(this.#buffer, place, axonTypes * neurons);
    for (const [type, own] of weights.entries())
      for (let neuron = 0; neuron < neurons; neuron++)
        packed[(Math.floor(neuron / half) * axonTypes + type) * half + (neuron % half)] = own[neuron] ?? 0;
    const types = new Uint8Array(
      this.#buffer,
      this.#memory.records + core * coreBytes.records + lineBytes,
      lineBytes,
    );
    for (let axon = 0; axon < axons; axon++)
      types[axon >> 2] = (types[axon >> 2] ?? 0) | ((fields['axons.type'][axon] ?? 0) << (2 * (axon & 3)));
    const rows = new Uint32Array(
      this.#buffer,
      this.#memory.crossbar + core * coreBytes.crossbar,
      coreBytes.crossbar / 4,
    );
    packCrossbar(contents, rows);
    const { planes, drift, least, clears } = packRules(contents);
    this.#clears ||= clears;
    this.#setFields(core, {
      rules: this.#rulesAt(planes),
      drift,
      step,
      least,
      weights: first,
      typeBytes: half * width,
      most: axonBytes * Math.floor((2 ** (8 * width - 1) - 1) / Math.max(step, 1)),
    });
  }

  /** Where a set of rules is: cores that have the same share it, so that it stays in the nearest cache. */
  #rulesAt(planes: Int16Array): number {
    const key = String.fromCharCode(...planes);
    const known = this.#rules.get(key);
    if (known !== undefined) return known;
    const place = this.#rules.size * ruleBytes;
    this.#rules.set(key, place);
    new Int16Array(this.#buffer, this.#memory.rules + place, planes.length).set(planes);
    return place;
  }

  #setFields(core: number, values: Partial<Record<RecordName, number>>): void {
    const record = this.#record(core);
    for (const [name, value] of Object.entries(values)) record[recordBytes[name as RecordName] / 4] = value;
  }

  begin(sample: number): void {
    const { cores, threads, groups, bases, tails, slotBytes } = this.#memory;
    const first = new Int32Array(this.#buffer, bases, threads * groups);
    const ends = new Int32Array(this.#buffer, tails, threads * slots * groups);
    for (let end = 0; end < ends.length; end++) {
      const [row, group] = [Math.floor(end / groups), end % groups];
      ends[end] = (row % slots) * slotBytes + (first[Math.floor(row / slots) * groups + group] ?? 0);
    }
    this.#now = 0;
    for (let core = 0; core < cores; core++) {
      const potentials = Int32Array.from(this.#contents.potentialsOf(core, sample));
      this.#shorts('potentials', core).set(potentials);
      this.#shorts('upper', core).set(potentials.map((potential) => potential >> 16));
      // How large they are is not known: the first tick looks.
      this.#setFields(core, { bound: this.#limit + 1, isAtRest: 0 });
    }
  }

  run(ticks: number): void {
    const tick = (now: number): void => this.#tick(0, now);
    const most = 2 ** (32 - this.#memory.destinationBits) - 1;
    for (let left = ticks; left > 0; ) {
      const some = Math.min(left, most - this.#uncounted);
      const end = this.#now + some;
      if (this.#crew === undefined) for (let now = this.#now; now < end; now++) tick(now);
      else this.#crew.run(this.#now, some, tick);
      this.#now = end;
      this.#uncounted += some;
      left -= some;
      if (this.#uncounted === most) this.#countSpikes();
    }
    this.#ticks += ticks;
  }

  /** Adds the spikes that are counted above the destinations. */
  #countSpikes(): void {
    const { destinationBits } = this.#memory;
    const [counted, spikes] = [this.#destinations, this.#spikes];
    for (let neuron = 0; neuron < counted.length; neuron++) {
      const word = counted[neuron] ?? 0;
      const count = word >>> destinationBits;
      if (count === 0) continue;
      spikes[neuron] = (spikes[neuron] ?? 0) + count;
      counted[neuron] = word & (2 ** destinationBits - 1);
    }
    this.#uncounted = 0;
  }

  destinationOf(neuron: number): number {
    const word = this.#destinations[neuron] ?? 0;
    return destination.core(word & (2 ** this.#memory.destinationBits - 1));
  }

  potentialsOf(core: number): Int32Array {
    const upper = this.#shorts('upper', core);
    const hasUpper = (this.#record(core)[recordBytes.bound / 4] ?? 0) > this.#limit;
    return Int32Array.from(this.#shorts('potentials', core), (low, neuron) =>
      hasUpper ? ((upper[neuron] ?? 0) << 16) | (low & 0xffff) : low,
    );
  }

  activity(): ChipActivity {
    const { cores } = this.#memory;
    this.#countSpikes();
    const column = (name: CountName): Float64Array =>
      Float64Array.from({ length: cores }, (_, core) => Number(this.#counts(core)[countBytes[name] / 8]));
    return {
      ticks: this.#ticks,
      spikes: this.#spikes.slice(),
      axons: column('axons'),
      events: column('events'),
      busyTicks: column('busyTicks'),
    };
  }

  resetActivity(): void {
    this.#countSpikes();
    this.#spikes.fill(0);
    this.#ticks = 0;
    for (let core = 0; core < this.#memory.cores; core++)
      for (const place of Object.values(countBytes)) this.#counts(core)[place / 8] = 0n;
  }

  get #destinations(): Uint32Array {
    const { destinations, cores } = this.#memory;
    return new Uint32Array(this.#buffer, destinations, cores * neurons);
  }

  #record(core: number): Int32Array {
    return new Int32Array(this.#buffer, this.#memory.records + core * coreBytes.records, lineBytes / 4);
  }

  #counts(core: number): BigUint64Array {
    return new BigUint64Array(this.#buffer, this.#memory.records + core * coreBytes.records, lineBytes / 8);
  }

  #shorts(region: 'potentials' | 'upper', core: number): Int16Array {
    return new Int16Array(this.#buffer, this.#memory[region] + core * planeBytes, neurons);
  }
}
