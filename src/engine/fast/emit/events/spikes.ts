import {
  type Action,
  type CoreImage,
  factsOf,
  kernelsIn,
  listOf,
  type SpikeKind,
  servedSpikes,
  spikeLists,
} from '../../../../image/index.ts';
import { at } from '../../../../text/index.ts';
import {
  addToCounter,
  type FunctionBuilder,
  type FunctionHandle,
  forever,
  type I32,
  i32,
  i64,
  type Local,
  type ModuleBuilder,
  max,
  whileBelow,
} from '../../../../wasm/index.ts';
import { mostSuspended } from '../../../checks.ts';
import { neuronBits, roomForSpikes } from '../../../spike-address.ts';
import type { CounterMap } from '../../plan/counters/counter-map.ts';
import type { MemoryMap } from '../../plan/memory/memory-map.ts';
import type { NeuronList } from '../loops/row-tally.ts';
import {
  FifoCode,
  forgetSpikes,
  type Hooks,
  keepSpike,
  StoredI32,
  turnSpikes,
  WaitingSpikesCode,
} from './fifo.ts';

/** The functions that spikes trigger, by the trigger's number. */
export interface ServedSpikes {
  /** (neuron) */
  readonly one: readonly FunctionHandle<readonly ['i32']>[];
  /** (address of neurons, u32 each; their number); undefined where spikes cannot be served as a batch. */
  readonly batch: readonly (FunctionHandle<readonly ['i32', 'i32']> | undefined)[];
}

/** Functions of the host that the code of spikes calls. */
interface SpikeHost {
  /** The list of emitted spikes is full, and is about to be written from its start. */
  readonly spill: FunctionHandle;
  /** Too many kernels wait for a place in the FIFO; does not return. */
  readonly failSuspended: FunctionHandle;
}

/** The path of spikes: the list of emitted ones, the FIFO with its stalls and drops, and the code at its head. */
export class SpikeCode {
  /** (population, neuron): a kernel emits a spike. */
  readonly emit: FunctionHandle<readonly ['i32', 'i32']>;
  readonly #image: CoreImage;
  readonly #map: MemoryMap;
  readonly #counters: CounterMap;
  readonly #served: ServedSpikes;
  readonly #hooks: Hooks;
  readonly #host: SpikeHost;
  /** Pushes that wait for a place in the FIFO. */
  readonly #suspended: StoredI32;
  readonly #fifo: FifoCode;
  readonly #emitted: StoredI32;
  readonly #waiting: WaitingSpikesCode;
  readonly #serveHead: FunctionHandle<readonly []>;
  readonly #serveAll: FunctionHandle<readonly []>;

  constructor(
    module: ModuleBuilder,
    image: CoreImage,
    map: MemoryMap,
    counters: CounterMap,
    served: ServedSpikes,
    hooks: Hooks,
    host: SpikeHost,
  ) {
    this.#image = image;
    this.#map = map;
    this.#counters = counters;
    this.#served = served;
    this.#hooks = hooks;
    this.#host = host;
    this.#suspended = new StoredI32(map.suspended);
    this.#fifo = new FifoCode(map, image.core.fifoDepth);
    this.#emitted = new StoredI32(map.emittedCount);
    this.#waiting = new WaitingSpikesCode(image, map);
    this.emit = module.declare('emit', { params: ['i32', 'i32'], results: [] });
    this.#serveHead = module.declare('serve the head', { params: [], results: [] });
    this.#serveAll = module.declare('serve all', { params: [], results: [] });
  }

  /** Writes the bodies of the functions that other code calls. */
  define(module: ModuleBuilder): void {
    module.define(this.emit, (f, population, neuron) => this.#writeEmit(f, population, neuron));
    module.define(this.#serveHead, (f) => this.#writeServeHead(f));
    module.define(this.#serveAll, (f) => this.#writeServeAll(f));
  }

  /** A sample begins: the FIFO is empty, and no neuron has spiked. */
  startSample(f: FunctionBuilder): void {
    this.#fifo.clear(f);
    f.do(this.#suspended.set(0));
    for (const kept of this.#map.previous) if (kept !== undefined) forgetSpikes(f, kept);
    this.startTrigger(f);
  }

  /** A step begins: the spikes of the last one become those of the previous step. */
  startStep(f: FunctionBuilder): void {
    for (const kept of this.#map.previous) if (kept !== undefined) turnSpikes(f, kept);
    this.startTrigger(f);
  }

  /** A named event begins: it has emitted nothing yet. */
  startTrigger(f: FunctionBuilder): void {
    f.do(this.#emitted.set(0));
  }

  /** How many spikes lie in the list of those emitted. */
  emittedCount() {
    return this.#emitted.value();
  }

  /** Pushes spikes, waiting while the FIFO is full; then serves the FIFO until it is empty. */
  deliver(f: FunctionBuilder, population: number, spikes: 'emitted' | 'previous'): void {
    if (spikes === 'previous') {
      this.#pushList(f, this.#triggerOf(population, spikes), this.#previous(f, population));
    } else if (population === this.#image.input) {
      const list = this.#inputs(f);
      this.#countSpikes(f, population, list.count);
      this.#pushList(f, population, list);
    }
    f.call(this.#serveAll);
  }

  /** By delay, pushes the spikes that have waited for it; the FIFO is served until it is empty. */
  deliverDelayed(f: FunctionBuilder, delayed: number): void {
    const { population, lists } = at(this.#image.events.delayed, delayed);
    for (const due of lists) {
      this.#waiting.ifDue(f, delayed, due, (list) =>
        this.#pushList(f, this.#triggerOf(population, due.delay), list),
      );
      f.call(this.#serveAll);
    }
  }

  /** Keeps spikes for their delays, each neuron once. @param given the neurons of the named event, if it is one */
  keep(f: FunctionBuilder, action: Extract<Action, { does: 'keep' }>, given: NeuronList | undefined): void {
    const { population } = at(this.#image.events.delayed, action.delayed);
    const { from } = action;
    const neurons =
      from === 'received' ? this.#inputs(f) : from === 'previous' ? this.#previous(f, population) : given;
    const row = this.#waiting.clearedRow(f, action);
    if (neurons !== undefined)
      this.#forEach(f, neurons, (spike) => this.#waiting.keep(f, action.delayed, row, spike));
  }

  #triggerOf(population: number, spikes: SpikeKind): number {
    return listOf(servedSpikes(this.#image), population, spikes);
  }

  /** The spikes of the previous step. */
  #previous(f: FunctionBuilder, population: number): NeuronList {
    const kept = this.#map.previous[population];
    if (kept === undefined) throw new Error(`no spikes of population ${population} are kept`);
    return { first: f.keep(i32.const(kept.list + 4)), count: f.keep(i32.load(0, kept.list)) };
  }

  /** The input's spikes of this step. */
  #inputs(f: FunctionBuilder): NeuronList {
    const { input } = this.#map;
    return { first: f.keep(i32.load(0, input)), count: f.keep(i32.load(0, input + 4)) };
  }

  #pushList(f: FunctionBuilder, trigger: number, list: NeuronList): void {
    if (this.#emits(trigger) || this.#hooks.isAny) this.#pushEach(f, trigger, list);
    else
      f.if(
        this.#fifo.isEmpty(),
        () => this.#serveList(f, trigger, list),
        () => this.#pushEach(f, trigger, list),
      );
  }

  #pushEach(f: FunctionBuilder, trigger: number, list: NeuronList): void {
    this.#forEach(f, list, (neuron) => {
      if (trigger === this.#image.input) this.#hooks.call(f, 'spiked', trigger, neuron);
      this.#waitForPlace(f);
      this.#push(f, trigger, neuron);
    });
  }

  /**
   * Serves a list of spikes at once. Through an empty FIFO they would come out as they go in, since nothing that they
   * trigger emits others; every one that is pushed beyond the depth would stall.
   */
  #serveList(f: FunctionBuilder, trigger: number, list: NeuronList): void {
    this.#count(f, this.#counters.pushes, list.count);
    this.#count(f, this.#counters.pops, list.count);
    this.#count(f, this.#counters.stalls, max(list.count.minus(this.#image.core.fifoDepth), 0));
    const batch = this.#served.batch[trigger];
    const one = this.#served.one[trigger];
    if (batch !== undefined) f.call(batch, list.first, list.count);
    else if (one !== undefined) this.#forEach(f, list, (neuron) => f.call(one, neuron));
  }

  #forEach(f: FunctionBuilder, { first, count }: NeuronList, body: (neuron: Local<'i32'>) => void): void {
    const next = f.keep(first);
    const end = f.keep(first.plus(count.shiftLeft(2)));
    whileBelow(f, next, end, 4, () => body(f.keep(i32.load(next))));
  }

  /** Whether the list that a spike triggers emits others. */
  #emits(trigger: number): boolean {
    return kernelsIn(spikeLists(this.#image.events)[trigger] ?? []).some((index) => {
      const kernel = this.#image.kernels[index];
      return kernel !== undefined && factsOf(kernel).emits;
    });
  }

  #writeEmit(f: FunctionBuilder, population: Local<'i32'>, neuron: Local<'i32'>): void {
    this.#countSpike(f, population);
    for (const [index, kept] of this.#map.previous.entries())
      if (kept !== undefined) f.if(population.equals(index), () => keepSpike(f, kept, neuron));
    this.#list(f, population, neuron);
    this.#hooks.call(f, 'spiked', population, neuron);
    // A controller receives emitted spikes.
    if (this.#image.core.controller !== undefined) return;
    if (this.#image.core.whenFull === 'stall') this.#waitForPlace(f);
    else {
      f.if(this.#fifo.isFull(), () => {
        this.#count(f, this.#counters.drops, 1);
        this.#hooks.call(f, 'dropped', population, neuron);
        f.return();
      });
    }
    this.#push(f, population, neuron);
  }

  /** Appends a spike to the list of those emitted. Neurons may spike several times in a step, so it may be full. */
  #list(f: FunctionBuilder, population: Local<'i32'>, neuron: Local<'i32'>): void {
    const listed = f.keep(this.#emitted.value());
    f.if(listed.equals(roomForSpikes(this.#image)), () => {
      f.call(this.#host.spill);
      f.set(listed, 0);
    });
    const address = population.shiftLeft(neuronBits).or(neuron);
    f.do(i32.store(listed.shiftLeft(2), address, this.#map.emitted), this.#emitted.set(listed.plus(1)));
  }

  #push(f: FunctionBuilder, trigger: number | Local<'i32'>, neuron: Local<'i32'>): void {
    this.#count(f, this.#counters.pushes, 1);
    this.#fifo.push(f, trigger, neuron);
    this.#hooks.call(f, 'pushed', trigger, neuron);
  }

  /** Stalls: serves the head until there is room, since the served list may fill the FIFO again. */
  #waitForPlace(f: FunctionBuilder): void {
    forever(f, (leaveIf) => {
      leaveIf(this.#fifo.isFull().isZero());
      this.#count(f, this.#counters.stalls, 1);
      f.if(this.#suspended.value().isAtLeast(mostSuspended), () => f.call(this.#host.failSuspended));
      f.do(this.#suspended.add(1));
      f.call(this.#serveHead);
      f.do(this.#suspended.add(-1));
    });
  }

  #writeServeHead(f: FunctionBuilder): void {
    const { trigger, neuron } = this.#fifo.head(f);
    this.#fifo.pop(f);
    this.#count(f, this.#counters.pops, 1);
    this.#hooks.call(f, 'popped', trigger, neuron);
    for (const [index, serve] of this.#served.one.entries()) {
      f.if(trigger.equals(index), () => {
        f.call(serve, neuron);
        f.return();
      });
    }
  }

  /** Serves until no event waits: neighbours with one trigger as a batch, if their list allows it. */
  #writeServeAll(f: FunctionBuilder): void {
    forever(f, (leaveIf) => {
      leaveIf(this.#fifo.isEmpty());
      for (const [trigger, serve] of this.#served.batch.entries()) {
        if (serve === undefined) continue;
        const count = this.#takeBatch(f, trigger);
        this.#count(f, this.#counters.pops, count);
        f.if(count, () => f.call(serve, this.#map.batch, count));
        leaveIf(this.#fifo.isEmpty());
      }
      f.call(this.#serveHead);
    });
  }

  /** Moves the events of a trigger at the head of the FIFO into the batch, and tells how many they are. */
  #takeBatch(f: FunctionBuilder, wanted: number): Local<'i32'> {
    const count = f.keep(i32.const(0));
    forever(f, (leaveIf) => {
      leaveIf(this.#fifo.isEmpty());
      const { trigger, neuron } = this.#fifo.head(f);
      leaveIf(trigger.differsFrom(wanted));
      this.#fifo.pop(f);
      f.do(i32.store(count.shiftLeft(2), neuron, this.#map.batch));
      f.set(count, count.plus(1));
    });
    return count;
  }

  #count(f: FunctionBuilder, slot: number, amount: I32): void {
    addToCounter(f, this.#map.counters + 8 * slot, amount);
  }

  #countSpikes(f: FunctionBuilder, population: number, amount: I32): void {
    const slot = this.#counters.spikes[population];
    if (slot !== undefined) this.#count(f, slot, amount);
  }

  /** Counts a spike of the population in a variable: the slots of all populations lie one after the other. */
  #countSpike(f: FunctionBuilder, population: Local<'i32'>): void {
    const [first = 0] = this.#counters.spikes;
    const slots = this.#map.counters + 8 * first;
    const place = f.keep(population.shiftLeft(3));
    f.do(i64.store(place, i64.add(i64.load(place, slots), 1n), slots));
  }
}
