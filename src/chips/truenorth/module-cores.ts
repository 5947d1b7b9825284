import type { Crew, Tick } from '../../cores/index.ts';
import { at } from '../../engine/index.ts';
import type { Mesh } from '../../hardware/index.ts';
import type { Image } from '../../image/index.ts';
import { fieldNamed } from '../controller.ts';
import { type ChipWork, chipTick } from '../crew/index.ts';
import type { Activity, ChipCores } from './activity.ts';
import { type ChipMemory, chipMemory, coreBytes } from './chip-memory.ts';
import { chipModule, pagesOf } from './chip-module.ts';
import {
  type ChipContents,
  type CoreContents,
  checkContents,
  checkSizes,
  destination,
  destinationsOf,
  fanOutOf,
  neurons,
} from './contents.ts';

/**
 * The cores of a chip in one memory, with one module of WebAssembly that runs a tick of all of them. It does what
 * `MachineCores` does with the same program, see `isKnown`, and takes 17 KB for a core.
 */
export class ModuleCores implements ChipCores {
  readonly #contents: ChipContents;
  readonly #memory: ChipMemory;
  readonly #buffer: ArrayBufferLike;
  readonly #tick: Tick;
  readonly #crew: Crew<ChipWork> | undefined;
  #now = 0;
  #ticks = 0;

  /**
   * @param crew threads that run it together; the present one alone if absent
   * @throws PlasticoreError `image` for another program, `data` for contents that a core cannot hold
   */
  constructor(image: Image, mesh: Mesh, contents: ChipContents, crew?: Crew<ChipWork>) {
    checkSizes(image);
    this.#contents = contents;
    this.#crew = crew;
    this.#memory = chipMemory(mesh.cores, crew?.threads ?? 1);
    const initial = pagesOf(this.#memory);
    const memory = new WebAssembly.Memory(
      crew === undefined ? { initial } : { initial, maximum: initial, shared: true },
    );
    this.#buffer = memory.buffer;
    const bitsOf = (name: string): number => at(image.fields, fieldNamed(image, name)).bits;
    const widths = { potentialBits: bitsOf('neurons.potential'), weightBits: bitsOf('neurons.w0') };
    const module = new WebAssembly.Module(chipModule(this.#memory, widths, crew !== undefined));
    this.#tick = chipTick({ module, memory });
    for (let core = 0; core < mesh.cores; core++) {
      const held = contents.contentsOf(core);
      checkContents(image, held);
      this.#load(core, held);
      const outputs = this.#words(this.#memory.outputs, 2 * core * neurons, 2 * neurons);
      for (const [neuron, destination] of destinationsOf(mesh, core, held).entries())
        outputs[2 * neuron] = destination;
    }
    crew?.join(() => ({ is: 'chip', module, memory }));
  }

  #load(core: number, contents: CoreContents): void {
    const { fields, connections } = contents;
    const memory = this.#memory;
    const bytes = (name: keyof typeof coreBytes): Uint8Array =>
      new Uint8Array(this.#buffer, memory[name] + core * coreBytes[name], coreBytes[name]);
    const shorts = (name: keyof typeof coreBytes): Int16Array =>
      new Int16Array(this.#buffer, memory[name] + core * coreBytes[name], coreBytes[name] / 2);
    for (const [type, name] of (['w0', 'w1', 'w2', 'w3'] as const).entries())
      shorts('weights').set(fields[`neurons.${name}`], type * neurons);
    shorts('leaks').set(fields['neurons.leak']);
    shorts('positives').set(fields['neurons.pos_threshold']);
    shorts('negatives').set(fields['neurons.neg_threshold']);
    this.#words(memory.resets, core * neurons, neurons).set(fields['neurons.reset_potential']);
    bytes('types').set(fields['axons.type']);
    pack(fields['neurons.reset_mode'], bytes('modes'));
    bytes('crossbar').set(connections);
    shorts('fanOut').set(fanOutOf(contents));
  }

  begin(sample: number): void {
    const memory = this.#memory;
    const { cores } = memory;
    const empty = (first: number, bytes: number): void => {
      new Uint8Array(this.#buffer, first, bytes).fill(0);
    };
    empty(memory.schedule, coreBytes.schedule * cores);
    empty(memory.sentCounts, memory.bytes - memory.sentCounts);
    this.#now = 0;
    for (let core = 0; core < cores; core++)
      this.#words(memory.potentials, core * neurons, neurons).set(this.#contents.potentialsOf(core, sample));
  }

  run(ticks: number): void {
    const first = this.#now;
    const tick = (now: number): void => this.#tick(0, now);
    if (this.#crew === undefined) for (let now = first; now < first + ticks; now++) tick(now);
    else this.#crew.run(first, ticks, tick);
    this.#now = first + ticks;
    this.#ticks += ticks;
  }

  destinationOf(neuron: number): number {
    return destination.core(this.#outputs[2 * neuron] ?? 0);
  }

  potentialsOf(core: number): Int32Array {
    return new Int32Array(
      this.#buffer,
      this.#memory.potentials + core * coreBytes.potentials,
      neurons,
    ).slice();
  }

  activity(): Activity {
    const { cores, counts } = this.#memory;
    const outputs = this.#outputs;
    const counted = new BigUint64Array(this.#buffer, counts, 3 * cores);
    const column = (which: number): Float64Array =>
      Float64Array.from({ length: cores }, (_, core) => Number(counted[3 * core + which]));
    return {
      ticks: this.#ticks,
      spikes: Uint32Array.from({ length: cores * neurons }, (_, neuron) => outputs[2 * neuron + 1] ?? 0),
      axons: column(0),
      events: column(1),
      busyTicks: column(2),
    };
  }

  resetActivity(): void {
    const { cores, counts } = this.#memory;
    const outputs = this.#outputs;
    this.#ticks = 0;
    for (let spikes = 1; spikes < outputs.length; spikes += 2) outputs[spikes] = 0;
    new BigUint64Array(this.#buffer, counts, 3 * cores).fill(0n);
  }

  /** Destinations and spikes. */
  get #outputs(): Uint32Array {
    return this.#words(this.#memory.outputs, 0, 2 * this.#memory.cores * neurons);
  }

  #words(region: number, first: number, count: number): Uint32Array {
    return new Uint32Array(this.#buffer, region + 4 * first, count);
  }
}

/** Packs flags into bits, eight to a byte, the first into the lowest. */
function pack(flags: ArrayLike<number>, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at++) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) byte |= (flags[8 * at + bit] ?? 0) << bit;
    bytes[at] = byte;
  }
}
