import { copyWords } from '../state.ts';
import { triggerEachExport, triggerExport } from './emit/events/module.ts';

/** Runs the named events of an instance of a core's module. */
export class Triggers {
  readonly #one: readonly (() => number)[];
  /** (address of neurons, their number); undefined for events that name none. */
  readonly #each: readonly (((first: number, count: number) => number) | undefined)[];

  constructor({ exports }: WebAssembly.Instance, events: number) {
    const one = exports as unknown as Readonly<Record<string, () => number>>;
    const each = exports as unknown as Readonly<Record<string, (first: number, count: number) => number>>;
    const numbers = Array.from({ length: events }, (_, event) => event);
    this.#one = numbers.map((event) => {
      const trigger = one[triggerExport(event)];
      if (trigger === undefined) throw new Error(`event ${event} has no code`);
      return trigger;
    });
    this.#each = numbers.map((event) => each[triggerEachExport(event)]);
  }

  /** The function of each event. */
  get all(): readonly (() => number)[] {
    return this.#one;
  }

  /** Returns how many spikes lie in the list of those emitted. */
  run(event: number): number {
    return this.#one[event]?.() ?? 0;
  }

  /** The same for each of some neurons, u32 each at an address. */
  runEach(event: number, first: number, count: number): number {
    const each = this.#each[event];
    if (each === undefined) throw new Error(`event ${event} names no neuron`);
    return each(first, count);
  }
}

/** Why a run ended in the middle of a kernel: a NaN, in an item of a field; undefined if too many kernels wait. */
export type Fault = { readonly kernel: number; readonly field: number; readonly item: number } | undefined;

/** Thrown when a core stops that another thread has created: only that thread can name the fault. */
export class CoreFaultError extends Error {
  /** The core, by the number that it was given there. */
  readonly core: number;
  readonly fault: Fault;

  constructor(core: number, fault: Fault) {
    super(`core ${core} has stopped`);
    this.core = core;
    this.fault = fault;
  }
}

/** The data with which a thread runs the named events of another thread's core. It passes between threads. */
export interface SharedCore {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Named events. */
  readonly events: number;
  /** Address of the neuron of the event. */
  readonly neuron: number;
}

const pageBytes = 65_536;

/**
 * Runs the named events of a core that another thread has created, on the memory that they share. Only one thread at a
 * time may run a core. A named event emits no more spikes than the core has room for.
 */
export class CoreElsewhere {
  readonly #memory: WebAssembly.Memory;
  readonly #triggers: Triggers;
  readonly #neuron: Uint32Array;
  /** A list of neurons in the memory, and its address. */
  #list = new Uint32Array();
  #address = 0;

  /** @param number what {@link CoreFaultError} calls the core */
  constructor({ module, memory, events, neuron }: SharedCore, number: number) {
    const instance = new WebAssembly.Instance(module, {
      host: {
        memory,
        failNaN: (kernel: number, field: number, item: number) => {
          throw new CoreFaultError(number, { kernel, field, item });
        },
        spill: () => {
          throw new Error('an event emits more spikes than its core has room for');
        },
        failSuspended: () => {
          throw new CoreFaultError(number, undefined);
        },
      },
    });
    this.#memory = memory;
    this.#triggers = new Triggers(instance, events);
    this.#neuron = new Uint32Array(memory.buffer, neuron, 1);
  }

  /** As {@link Core.trigger} does. */
  trigger(event: number): number {
    return this.#triggers.run(event);
  }

  /** As {@link Core.triggerEach} does. */
  triggerEach(event: number, neurons: ArrayLike<number>, from = 0, to = neurons.length): number {
    if (to - from > this.#list.length) this.#makeRoom(to - from);
    copyWords(neurons, from, to, this.#list, 0);
    const count = this.#triggers.runEach(event, this.#address, to - from);
    if (to > from) this.#neuron[0] = neurons[to - 1] ?? 0;
    return count;
  }

  /** Takes a longer list, at the end of the memory. */
  #makeRoom(neurons: number): void {
    const pages = Math.ceil((8 * neurons) / pageBytes);
    this.#address = pageBytes * this.#memory.grow(pages);
    this.#list = new Uint32Array(this.#memory.buffer, this.#address, (pages * pageBytes) / 4);
  }
}
