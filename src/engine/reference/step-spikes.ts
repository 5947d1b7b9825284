import type { SpikeTrain } from '../../data/index.ts';
import {
  type Action,
  type CoreImage,
  type FieldAccess,
  isSpikeOf,
  keptOf,
  type Memory,
  neuronIn,
  type Population,
  sentFrom,
  spikeKept,
  suppliedTo,
  type Tally,
} from '../../image/index.ts';
import { hostScalars } from '../../isa/index.ts';
import { addAt, append, at } from '../../text/index.ts';
import {
  failLoop,
  failSuspended,
  mostEmittedInLoop,
  mostSuspended,
  receiving,
  refuseNeuron,
} from '../checks.ts';
import type { Probe } from '../core.ts';
import { neuronOf, populationOf, spikeAddress } from '../spike-address.ts';
import type { AddressEvent, Checkpoint, SampleStart } from '../state.ts';

/** The spikes of a step: those that the core emits, those that its input receives, and those of the step before. */
export class StepSpikes {
  readonly #image: CoreImage;
  /** Addresses of the spikes emitted by the current step or trigger. */
  readonly emitted: number[] = [];
  /** The input's spikes for the current step, and those received for the next one. */
  #received: readonly number[] = [];
  #pending: number[] = [];
  /** For each population and neuron: its last spike in the previous step, -1 if it did not spike. */
  readonly #previous: readonly Int32Array[];

  constructor(image: CoreImage) {
    this.#image = image;
    this.#previous = image.populations.map(({ size }) => new Int32Array(size).fill(-1));
  }

  /** The input's spikes of this step, in the order in which they arrived. */
  get received(): readonly number[] {
    return this.#received;
  }

  /** Refuses a sample with spikes of neurons that the input does not have. */
  check(sample: SampleStart): void {
    for (const neuron of inputOf(sample, 0, sample.steps)) this.#checkInput(neuron);
  }

  /** Forgets all spikes. */
  forget(): void {
    this.emitted.length = 0;
    this.#received = [];
    this.#pending = [];
    for (const spikes of this.#previous) spikes.fill(-1);
  }

  receive(population: number, neurons: ArrayLike<number>, from: number, to: number): void {
    receiving(this.#image, population);
    for (let index = from; index < to; index++) {
      const neuron = neurons[index] ?? Number.NaN;
      this.#checkInput(neuron);
      this.#pending.push(neuron);
    }
  }

  #checkInput(neuron: number): void {
    if (!isSpikeOf(receiving(this.#image, this.#image.input), neuron)) refuseNeuron(this.#image, neuron);
  }

  /** The last step's spikes become those of the previous step, where a neuron that spiked several times counts once. */
  startStep(sample: SampleStart, step: number): void {
    for (const spikes of this.#previous) spikes.fill(-1);
    for (const spike of this.emitted) {
      const population = populationOf(spike);
      const neuron = neuronIn(at(this.#image.populations, population), neuronOf(spike));
      at(this.#previous, population)[neuron] = neuronOf(spike);
    }
    this.emitted.length = 0;
    this.#received = [...inputOf(sample, step, step + 1), ...this.#pending];
    this.#pending = [];
  }

  /** The neurons of a population that spiked in the previous step, ascending, each with the value of its last spike. */
  previous(population: number): number[] {
    return [...at(this.#previous, population)].filter((spike) => spike >= 0);
  }

  /** Spikes of a population in the latest step or trigger. */
  of(population: number): readonly number[] {
    const own = at(this.#image.populations, population);
    if (population === this.#image.input) return this.#received.map((spike) => neuronIn(own, spike));
    return this.emitted
      .filter((spike) => populationOf(spike) === population)
      .map((spike) => neuronIn(own, neuronOf(spike)));
  }

  checkpoint(): Pick<Checkpoint, 'emitted' | 'received' | 'pending'> {
    return { emitted: [...this.emitted], received: [...this.#received], pending: [...this.#pending] };
  }

  resume({ emitted, received, pending }: Pick<Checkpoint, 'emitted' | 'received' | 'pending'>): void {
    this.emitted.length = 0;
    append(this.emitted, emitted);
    this.#received = [...received];
    this.#pending = [...pending];
  }
}

/** The input's spikes that a sample has for the steps `from` up to, not including, `to`. */
function inputOf({ spikes }: SampleStart, from: number, to: number): SpikeTrain['indices'] {
  if (spikes === undefined) return new Uint16Array();
  return spikes.indices.subarray(at(spikes.offsets, from), at(spikes.offsets, to));
}

/** How spikes come up: they are counted, listed, and go into the FIFO, or to the controller of the core. */
export class Emission {
  readonly #image: CoreImage;
  readonly #counts: Tally;
  readonly #probe: Probe;
  readonly #spikes: StepSpikes;
  readonly #fifo: Fifo;
  readonly #mostEmitted: number | undefined;

  constructor(image: CoreImage, counts: Tally, probe: Probe, spikes: StepSpikes, fifo: Fifo) {
    this.#image = image;
    this.#counts = counts;
    this.#probe = probe;
    this.#spikes = spikes;
    this.#fifo = fifo;
    this.#mostEmitted = mostEmittedInLoop(image);
  }

  /** A kernel emits a spike, with a value if its population's spikes carry one. */
  emit(population: number, item: number, value: number): void {
    const neuron = sentFrom(at(this.#image.populations, population), item, value);
    const { emitted } = this.#spikes;
    if (emitted.length === this.#mostEmitted) failLoop(this.#image, this.#mostEmitted);
    emitted.push(spikeAddress(population, neuron));
    this.count(population, neuron);
    // A controller takes every emitted spike.
    if (this.#image.core.controller !== undefined) return;
    if (this.#fifo.isFull && this.#image.core.whenFull === 'drop') {
      this.#counts.drops += 1;
      this.#probe.dropped?.(population, neuron);
      return;
    }
    this.#fifo.push({ population, neuron, spikes: 'emitted' });
  }

  /** Counts a spike, also one that the host supplies. */
  count(population: number, neuron: number): void {
    addAt(this.#counts.spikes, population, 1);
    this.#probe.spiked?.(population, neuron);
  }
}

const stepScalar = hostScalars.indexOf('step');

/** The environment of waiting spikes: their origin and their target. */
interface Around {
  readonly spikes: StepSpikes;
  readonly fifo: Fifo;
  /** Scalars of the host, and of named events. */
  readonly host: Int32Array;
  readonly event: Int32Array;
}

/**
 * The spikes of populations that wait for delays, each population's in a ring: a row for each step of the longest
 * delay, in which every neuron that has spiked in that step has its flag set, with the value that its spike carries
 * beside it.
 */
export class WaitingSpikes {
  readonly #image: CoreImage;
  readonly #around: Around;
  readonly #rings: readonly FieldAccess[];
  /** The neurons that a named event gives. */
  given: readonly number[] = [];

  constructor(image: CoreImage, memory: Memory, around: Around) {
    this.#image = image;
    this.#around = around;
    this.#rings = image.events.delayed.map(({ field }) => memory.access(image, at(image.fields, field)));
  }

  /** By delay, pushes the spikes that have waited for it; the FIFO is served until it is empty. */
  deliver(delayed: number): void {
    const { fifo, host } = this.#around;
    const { population, lists } = at(this.#image.events.delayed, delayed);
    for (const { delay, shift = 0 } of lists) {
      for (const spike of this.#due(delayed, delay, at(host, stepScalar)))
        fifo.push({ population, neuron: spike + shift, spikes: delay });
      fifo.drain();
    }
  }

  /** The neurons whose spikes have waited for a delay in a step, ascending. Before a sample, none has spiked. */
  #due(delayed: number, delay: number, step: number): number[] {
    if (step < delay) return [];
    const { first, size } = this.#row(delayed, step - delay);
    const ring = at(this.#rings, delayed);
    return Array.from({ length: size }, (_, neuron) => neuron).flatMap((neuron) => {
      const kept = ring.read(first + neuron);
      return kept === 0 ? [] : [spikeKept(this.#populationOf(delayed), neuron, kept)];
    });
  }

  /** Keeps the spikes of a step, each neuron once, in the row of those whose longest delay has ended. */
  keep({ delayed, from, step }: Extract<Action, { does: 'keep' }>): void {
    const { spikes, host, event } = this.#around;
    const { population } = at(this.#image.events.delayed, delayed);
    const neurons = {
      received: () => spikes.received,
      previous: () => spikes.previous(population),
      event: () => this.given,
    };
    const { first, size } = this.#row(delayed, at(step.is === 'event' ? event : host, step.scalar));
    const ring = at(this.#rings, delayed);
    for (let neuron = 0; neuron < size; neuron++) ring.write(first + neuron, 0);
    const own = this.#populationOf(delayed);
    for (const spike of neurons[from]()) ring.write(first + neuronIn(own, spike), keptOf(own, spike));
  }

  #populationOf(delayed: number): Population {
    return at(this.#image.populations, at(this.#image.events.delayed, delayed).population);
  }

  /** The items of the row that the spikes of a step are in. */
  #row(delayed: number, step: number): { readonly first: number; readonly size: number } {
    const { lists } = at(this.#image.events.delayed, delayed);
    const size = suppliedTo(this.#populationOf(delayed));
    return { first: (step % at(lists, lists.length - 1).delay) * size, size };
  }
}

/** The FIFO of address events. A push into the full FIFO stalls until the head has been served. */
export class Fifo {
  readonly #image: CoreImage;
  readonly #counts: Tally;
  readonly #probe: Probe;
  readonly #serve: (event: AddressEvent) => void;
  readonly #events: AddressEvent[] = [];
  /** Pushes waiting for a free place. */
  #suspended = 0;

  /** @param serve runs the list of an event, which may push further events */
  constructor(image: CoreImage, counts: Tally, probe: Probe, serve: (event: AddressEvent) => void) {
    this.#image = image;
    this.#counts = counts;
    this.#probe = probe;
    this.#serve = serve;
  }

  get isFull(): boolean {
    return this.#events.length >= this.#image.core.fifoDepth;
  }

  /** Forgets the events. */
  empty(): void {
    this.#events.length = 0;
    this.#suspended = 0;
  }

  push(event: AddressEvent): void {
    this.#waitForPlace();
    this.#counts.pushes += 1;
    this.#events.push(event);
    this.#probe.pushed?.(event.population, event.neuron, event.spikes);
  }

  /** Serves the head until there is room, since the events that it triggers may fill the FIFO again. */
  #waitForPlace(): void {
    while (this.isFull) {
      this.#counts.stalls += 1;
      if (this.#suspended === mostSuspended) failSuspended(this.#image);
      this.#suspended += 1;
      this.#serveHead();
      this.#suspended -= 1;
    }
  }

  /** Serves events until none is left. */
  drain(): void {
    while (this.#events.length > 0) this.#serveHead();
  }

  #serveHead(): void {
    const event = this.#events.shift();
    if (event === undefined) return;
    this.#counts.pops += 1;
    this.#probe.popped?.(event.population, event.neuron, event.spikes);
    this.#serve(event);
  }

  /** The waiting events, head first. */
  get waiting(): AddressEvent[] {
    return [...this.#events];
  }

  set waiting(events: readonly AddressEvent[]) {
    this.empty();
    append(this.#events, events);
  }
}
