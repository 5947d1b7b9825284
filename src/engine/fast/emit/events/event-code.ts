import { type Action, factsOf, type Image } from '../../../../image/index.ts';
import { mostSuspended } from '../../../checks.ts';
import {
  addToCounter,
  type FunctionBuilder,
  type FunctionHandle,
  type GlobalHandle,
  type Local,
  type ModuleBuilder,
  whileLess,
} from '../../builder/index.ts';
import type { CounterMap } from '../../plan/counters/index.ts';
import type { MemoryMap, PreviousSpikes } from '../../plan/memory/index.ts';
import { forgetSpikes, keepSpike, turnSpikes } from './previous-spikes-code.ts';
import { putCell, putNeuron, putTrigger, RingCode } from './ring-code.ts';
import { SpikeList } from './spike-list.ts';

/** The number under which the FIFO knows what a spike triggers: those of the previous step come last. */
export function triggerOf(image: Image, population: number, spikes: 'emitted' | 'previous'): number {
  return spikes === 'previous' ? image.populations.length + population : population;
}

/** The functions that spikes trigger, by the trigger's number. */
export interface ServedSpikes {
  /** (neuron) */
  readonly one: readonly FunctionHandle<readonly ['i32']>[];
  /** (address of neurons, u32 each; their number); undefined where spikes cannot be served as a batch. */
  readonly batch: readonly (FunctionHandle<readonly ['i32', 'i32']> | undefined)[];
}

/** Code of the event FIFO: pushes, drops and stalls, and what serves its head. */
export class EventCode {
  /** (population, neuron): a spike is emitted. */
  readonly emit: FunctionHandle;
  readonly #image: Image;
  readonly #map: MemoryMap;
  readonly #counters: CounterMap;
  readonly #served: ServedSpikes;
  readonly #spikes: SpikeList;
  readonly #serveHead: FunctionHandle;
  readonly #serveAll: FunctionHandle;
  readonly #ring: RingCode;
  readonly #failSuspended: FunctionHandle;
  /** Pushes that wait for a place in the FIFO. */
  readonly #suspended: GlobalHandle;

  constructor(
    module: ModuleBuilder,
    image: Image,
    map: MemoryMap,
    counters: CounterMap,
    served: ServedSpikes,
    { spill, failSuspended }: { readonly spill: FunctionHandle; readonly failSuspended: FunctionHandle },
  ) {
    this.#image = image;
    this.#map = map;
    this.#counters = counters;
    this.#served = served;
    this.#spikes = new SpikeList(image, map, counters, spill);
    this.#ring = new RingCode(map, image.core.fifoDepth, map.counters + 8 * counters.pushes);
    this.#failSuspended = failSuspended;
    this.#suspended = module.global('i32', 0);
    this.emit = module.declare('emit', { params: ['i32', 'i32'], results: [] });
    this.#serveHead = module.declare('serveHead', { params: [], results: [] });
    this.#serveAll = module.declare('serveAll', { params: [], results: [] });
  }

  /** Writes the bodies of the functions that other code calls. */
  define(module: ModuleBuilder): void {
    module.define(this.emit, (f) => this.#writeEmit(f));
    module.define(this.#serveHead, (f) => this.#writeServeHead(f));
    module.define(this.#serveAll, (f) => this.#writeServeAll(f));
  }

  /** A sample begins: the FIFO is empty, and no neuron has spiked. */
  startSample(f: FunctionBuilder): void {
    this.#ring.clear(f);
    f.i32.const(0);
    f.setGlobal(this.#suspended);
    for (const previous of this.#map.previous) if (previous !== undefined) forgetSpikes(f, previous);
    this.#spikes.clear(f);
  }

  /** A named event begins: it has emitted nothing yet. */
  startTrigger(f: FunctionBuilder): void {
    this.#spikes.clear(f);
  }

  /** A step begins: its input spikes are there, and those of the last step become those of the previous one. */
  startStep(f: FunctionBuilder): void {
    for (const [population, kept] of this.#map.previous.entries()) {
      if (kept === undefined) continue;
      turnSpikes(f, kept);
      if (population === this.#image.input) this.#keepInputs(f, kept);
    }
    this.#spikes.clear(f);
  }

  /** Marks the input's spikes of this step, so that the next one finds them. */
  #keepInputs(f: FunctionBuilder, kept: PreviousSpikes): void {
    const next = f.local('i32');
    const end = f.local('i32');
    const neuron = f.local('i32');
    putCell(f, this.#map.input);
    f.set(next);
    f.get(next);
    putCell(f, this.#map.input + 4);
    f.i32.const(2);
    f.i32.shl();
    f.i32.add();
    f.set(end);
    whileLess(f, next, end, 4, () => {
      f.get(next);
      f.i32.load();
      f.set(neuron);
      keepSpike(f, kept, neuron);
    });
  }

  #count(f: FunctionBuilder, slot: number, amount: number | Local): void {
    addToCounter(f, this.#map.counters + 8 * slot, amount);
  }

  /** See the reference engine: what is pushed here waits where the FIFO is full, then the FIFO is served. */
  deliver(f: FunctionBuilder, population: number, spikes: 'emitted' | 'previous'): void {
    const previous = this.#map.previous[population];
    if (spikes === 'previous' && previous !== undefined) {
      this.#pushList(
        f,
        triggerOf(this.#image, population, spikes),
        () => f.i32.const(previous.list + 4),
        () => {
          f.i32.const(previous.list);
          f.i32.load();
        },
      );
    } else if (population === this.#image.input) {
      this.#pushInput(f, population);
    }
    f.call(this.#serveAll);
  }

  #pushInput(f: FunctionBuilder, population: number): void {
    const count = f.local('i32');
    putCell(f, this.#map.input + 4);
    f.set(count);
    const spikes = this.#counters.spikes[population];
    if (spikes !== undefined) this.#count(f, spikes, count);
    this.#pushList(
      f,
      population,
      () => putCell(f, this.#map.input),
      () => f.get(count),
    );
  }

  /** Pushes the spikes of a list of neurons, u32 each. */
  #pushList(f: FunctionBuilder, trigger: number, putFirst: () => void, putCount: () => void): void {
    const { fifoDepth } = this.#image.core;
    const next = f.local('i32');
    const end = f.local('i32');
    const count = f.local('i32');
    putFirst();
    f.set(next);
    putCount();
    f.tee(count);
    f.i32.const(2);
    f.i32.shl();
    f.get(next);
    f.i32.add();
    f.set(end);
    const putNext = (): void => {
      f.get(next);
      f.i32.load();
    };
    const pushEach = (): void =>
      whileLess(f, next, end, 4, () => {
        this.#waitForPlace(f);
        this.#ring.push(f, trigger, putNext);
      });
    if (this.#emits(trigger)) {
      pushEach();
      return;
    }
    // Nothing that the spikes trigger emits: through an empty FIFO they come out as they go in, and are served at once.
    this.#ring.putIsEmpty(f);
    f.if(() => {
      this.#count(f, this.#counters.pushes, count);
      this.#count(f, this.#counters.pops, count);
      const stalls = f.local('i32');
      f.get(count);
      f.i32.const(fifoDepth);
      f.i32.sub();
      f.i32.const(0);
      f.get(count);
      f.i32.const(fifoDepth);
      f.i32.gt_s();
      f.select();
      f.set(stalls);
      this.#count(f, this.#counters.stalls, stalls);
      const batch = this.#served.batch[trigger];
      if (batch !== undefined) {
        f.get(next);
        f.get(count);
        f.call(batch);
        return;
      }
      const one = this.#served.one[trigger];
      if (one === undefined) return;
      whileLess(f, next, end, 4, () => {
        putNext();
        f.call(one);
      });
    }, pushEach);
  }

  /** Whether what a spike triggers emits others. */
  #emits(trigger: number): boolean {
    const emits = (actions: readonly Action[]): boolean =>
      actions.some((action) => {
        if (action.does === 'group') return emits(action.actions);
        if (action.does !== 'run') return false;
        const kernel = this.#image.kernels[action.kernel];
        return kernel !== undefined && factsOf(kernel).emits;
      });
    const { spike, previousSpike } = this.#image.events;
    return emits([...spike, ...previousSpike][trigger] ?? []);
  }

  #writeEmit(f: FunctionBuilder): void {
    const [population, neuron] = f.params;
    if (population === undefined || neuron === undefined) return;
    this.#spikes.append(f, population, neuron);
    // A controller takes what is emitted.
    if (this.#image.core.controller !== undefined) return;
    if (this.#image.core.whenFull === 'stall') {
      this.#waitForPlace(f);
    } else {
      this.#ring.putIsFull(f);
      f.if(() => {
        this.#count(f, this.#counters.drops, 1);
        f.return();
      });
    }
    this.#ring.push(f, population, () => f.get(neuron));
  }

  /** Stalls: serves the head until there is a place, for what it triggers may fill the FIFO again. */
  #waitForPlace(f: FunctionBuilder): void {
    f.block((done) => {
      f.loop((again) => {
        this.#ring.putIsFull(f);
        f.i32.eqz();
        f.brIf(done);
        this.#count(f, this.#counters.stalls, 1);
        f.getGlobal(this.#suspended);
        f.i32.const(mostSuspended);
        f.i32.ge_s();
        f.if(() => f.call(this.#failSuspended));
        this.#addSuspended(f, 1);
        f.call(this.#serveHead);
        this.#addSuspended(f, -1);
        f.br(again);
      });
    });
  }

  #addSuspended(f: FunctionBuilder, amount: number): void {
    f.getGlobal(this.#suspended);
    f.i32.const(amount);
    f.i32.add();
    f.setGlobal(this.#suspended);
  }

  #writeServeHead(f: FunctionBuilder): void {
    const event = f.local('i32');
    this.#ring.putHead(f);
    f.set(event);
    this.#ring.pop(f);
    this.#count(f, this.#counters.pops, 1);
    for (const [trigger, handle] of this.#served.one.entries()) {
      putTrigger(f, event);
      f.i32.const(trigger);
      f.i32.eq();
      f.if(() => {
        putNeuron(f, event);
        f.call(handle);
      });
    }
  }

  /** Serves until no event waits: neighbours of one trigger as a batch, where what they trigger allows it. */
  #writeServeAll(f: FunctionBuilder): void {
    f.block((done) => {
      f.loop((again) => {
        this.#ring.putIsEmpty(f);
        f.brIf(done);
        for (const [trigger, handle] of this.#served.batch.entries()) {
          if (handle === undefined) continue;
          const count = this.#takeRun(f, trigger);
          f.get(count);
          f.if(() => {
            this.#count(f, this.#counters.pops, count);
            f.i32.const(this.#map.batch);
            f.get(count);
            f.call(handle);
            f.br(again);
          });
        }
        f.call(this.#serveHead);
        f.br(again);
      });
    });
  }

  /** Moves the events of a trigger at the head of the FIFO into the batch. */
  #takeRun(f: FunctionBuilder, trigger: number): Local {
    const count = f.local('i32');
    const event = f.local('i32');
    f.i32.const(0);
    f.set(count);
    f.block((done) => {
      f.loop((again) => {
        this.#ring.putIsEmpty(f);
        f.brIf(done);
        this.#ring.putHead(f);
        f.set(event);
        putTrigger(f, event);
        f.i32.const(trigger);
        f.i32.ne();
        f.brIf(done);
        this.#ring.pop(f);
        f.get(count);
        f.i32.const(2);
        f.i32.shl();
        putNeuron(f, event);
        f.i32.store(this.#map.batch);
        f.get(count);
        f.i32.const(1);
        f.i32.add();
        f.set(count);
        f.br(again);
      });
    });
    return count;
  }
}
