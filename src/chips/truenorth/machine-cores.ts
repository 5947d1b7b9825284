import {
  ActivityTally,
  at,
  axons,
  bitOf,
  type ChipContents,
  type ChipCores,
  type Core,
  type CoreImage,
  checkContents,
  contentNames,
  createCore,
  destination,
  destinationsOf,
  type EngineName,
  fanOutOf,
  fieldNamed,
  type Mesh,
  namesIn,
  neuronOf,
  neurons,
  PlasticoreError,
  sizeNamed,
  slots,
} from '../api.ts';

/**
 * Checks that an image is program `truenorth`, with the sizes of a core.
 *
 * @throws PlasticoreError `image`
 */
export function checkSizes(image: CoreImage): void {
  for (const [name, size] of Object.entries({ axons, neurons })) {
    const found = sizeNamed(image, name);
    if (found !== size)
      throw new PlasticoreError(
        'image',
        `a core of TrueNorth has ${size} ${name}, '${image.program}' ${found}`,
      );
  }
}

/**
 * The cores of a chip as cores of the machine, each of which runs program `truenorth`: the specification of a tick.
 *
 * In tick t, a core runs event `axon` for each axon whose bit is set in slot t mod 16 of its scheduler, from the lowest
 * up, and clears the slot. Then event `tick` runs its neurons. The packet of a neuron that spikes sets the bit of its
 * destination's axon in slot (t + 1 + offset) mod 16. Cores do not see each other's packets before the next tick, so
 * their order does not matter.
 */
export class MachineCores implements ChipCores {
  readonly #cores: readonly Core[];
  readonly #contents: ChipContents;
  readonly #destinations: readonly Uint32Array[];
  /** By core and axon, how many neurons are connected to it. */
  readonly #fanOut: readonly Uint16Array[];
  /** Core by core and slot by slot, a byte for each axon. */
  readonly #schedule: Uint8Array;
  readonly #tally: ActivityTally;
  readonly #potential: number;
  readonly #axon: number;
  readonly #tick: number;
  #now = 0;

  /** @throws PlasticoreError `image` for another program, `data` for contents that a core cannot hold */
  constructor(image: CoreImage, mesh: Mesh, contents: ChipContents, engine: EngineName) {
    this.#cores = Array.from({ length: mesh.cores }, (_, index) => createCore(image, { engine, index }));
    this.#contents = contents;
    this.#schedule = new Uint8Array(mesh.cores * slots * axons);
    this.#tally = new ActivityTally(mesh.cores);
    const names = namesIn(at(this.#cores, 0), 'truenorth');
    this.#axon = names.event('axon');
    this.#tick = names.event('tick');
    this.#potential = fieldNamed(image, 'neurons.potential');
    const loaded = this.#cores.map((core, index) => {
      const held = contents.contentsOf(index);
      checkContents(image, held);
      for (const name of contentNames) core.write(fieldNamed(image, name), held.fields[name]);
      core.write(
        fieldNamed(image, 'crossbar.connected'),
        Uint8Array.from({ length: axons * neurons }, (_, item) => bitOf(held.connections, item)),
      );
      return { destinations: destinationsOf(mesh, index, held), fanOut: fanOutOf(held) };
    });
    this.#destinations = loaded.map(({ destinations }) => destinations);
    this.#fanOut = loaded.map(({ fanOut }) => fanOut);
  }

  /** For their counters. */
  get cores(): readonly Core[] {
    return this.#cores;
  }

  begin(sample: number): void {
    this.#schedule.fill(0);
    this.#now = 0;
    for (const [index, core] of this.#cores.entries())
      core.write(this.#potential, this.#contents.potentialsOf(index, sample));
  }

  run(ticks: number): void {
    for (let end = this.#now + ticks; this.#now < end; this.#now++) {
      this.#tally.ticks += 1;
      for (const [index, core] of this.#cores.entries()) {
        this.#integrate(index, core);
        this.#send(index, core, core.trigger(this.#tick));
      }
    }
  }

  /** Runs the active axons of a tick. */
  #integrate(index: number, core: Core): void {
    const { axons: counted, events, busyTicks } = this.#tally;
    const first = (index * slots + (this.#now % slots)) * axons;
    const slot = this.#schedule.subarray(first, first + axons);
    const active: number[] = [];
    for (const [axon, isActive] of slot.entries()) if (isActive === 1) active.push(axon);
    slot.fill(0);
    if (active.length === 0) return;
    core.triggerEach(this.#axon, active);
    busyTicks[index] = (busyTicks[index] ?? 0) + 1;
    counted[index] = (counted[index] ?? 0) + active.length;
    const fanOut = at(this.#fanOut, index);
    for (const axon of active) events[index] = (events[index] ?? 0) + (fanOut[axon] ?? 0);
  }

  /** Sends the packets of the neurons that have spiked. */
  #send(index: number, core: Core, count: number): void {
    const { emitted } = core;
    const destinations = at(this.#destinations, index);
    const { spikes } = this.#tally;
    for (let place = 0; place < count; place++) {
      const neuron = neuronOf(emitted[place] ?? 0);
      spikes[index * neurons + neuron] = (spikes[index * neurons + neuron] ?? 0) + 1;
      const to = destinations[neuron] ?? 0;
      const slot = (this.#now + 1 + destination.offset(to)) % slots;
      this.#schedule[(destination.core(to) * slots + slot) * axons + destination.axon(to)] = 1;
    }
  }

  destinationOf(neuron: number): number {
    return destination.core(at(this.#destinations, Math.floor(neuron / neurons))[neuron % neurons] ?? 0);
  }

  potentialsOf(core: number): Float64Array {
    return at(this.#cores, core).read(this.#potential);
  }

  activity(): ActivityTally {
    return this.#tally;
  }

  resetActivity(): void {
    this.#tally.reset();
    for (const core of this.#cores) core.resetCounters();
  }
}
