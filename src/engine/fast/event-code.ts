import type { Action, Image } from '../../image/index.ts';
import type { CounterMap } from './counter-map.ts';
import { addToCounter, whileLess } from './idioms.ts';
import type { MemoryMap } from './memory-map.ts';
import { putNeuron, putPopulation, RingCode } from './ring-code.ts';
import type { FunctionBuilder, FunctionHandle, GlobalHandle, Local, ModuleBuilder } from './wasm/index.ts';

/** The functions that spikes trigger, by population. */
export interface ServedSpikes {
  /** (neuron) */
  readonly one: readonly FunctionHandle[];
  /** (address of neurons, u32 each; their number); undefined where spikes cannot be served as a batch. */
  readonly batch: readonly (FunctionHandle | undefined)[];
}

/** Code of the event FIFO: pushes, drops and stalls, and what serves its head. */
export class EventCode {
  /** (population, neuron): a spike is emitted. */
  readonly emit: FunctionHandle;
  readonly #image: Image;
  readonly #map: MemoryMap;
  readonly #counters: CounterMap;
  /** The step under way. */
  readonly #step: GlobalHandle;
  /** For each population, the function that its spikes trigger: of one spike, and of a batch where there is one. */
  readonly #served: ServedSpikes;
  /** (population): its list of spikes is full, and is about to be written from the start. */
  readonly #spill: FunctionHandle;
  readonly #serveHead: FunctionHandle;
  readonly #serveAll: FunctionHandle;
  readonly #ring: RingCode;

  constructor(
    module: ModuleBuilder,
    image: Image,
    map: MemoryMap,
    counters: CounterMap,
    step: GlobalHandle,
    served: ServedSpikes,
    spill: FunctionHandle,
  ) {
    this.#image = image;
    this.#map = map;
    this.#counters = counters;
    this.#step = step;
    this.#served = served;
    this.#spill = spill;
    this.#ring = new RingCode(module, map.fifo, image.machine.fifoDepth, map.counters + 8 * counters.pushes);
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

  /** Empties the FIFO. */
  clear(f: FunctionBuilder): void {
    this.#ring.clear(f);
  }

  #count(f: FunctionBuilder, slot: number, amount: number | Local): void {
    addToCounter(f, this.#map.counters + 8 * slot, amount);
  }

  /** See the reference engine: the host's pushes wait where the FIFO is full, then the FIFO is served. */
  deliver(f: FunctionBuilder, population: number): void {
    if (population === this.#image.input) this.#pushInput(f, population);
    f.call(this.#serveAll);
  }

  #pushInput(f: FunctionBuilder, population: number): void {
    const { inputOffsets, inputIndices } = this.#map;
    const { fifoDepth } = this.#image.machine;
    const next = f.local('i32');
    const end = f.local('i32');
    const count = f.local('i32');
    for (const [local, offset] of [
      [next, 0],
      [end, 4],
    ] as const) {
      f.getGlobal(this.#step);
      f.i32.const(2);
      f.i32.shl();
      f.i32.load(inputOffsets + offset);
      f.set(local);
    }
    f.get(end);
    f.get(next);
    f.i32.sub();
    f.set(count);
    const spikes = this.#counters.spikes[population];
    if (spikes !== undefined) this.#count(f, spikes, count);
    const putNext = (): void => {
      f.get(next);
      f.i32.const(2);
      f.i32.shl();
      f.i32.load(inputIndices);
    };
    const pushEach = (): void =>
      whileLess(f, next, end, 1, () => {
        this.#waitForPlace(f);
        this.#ring.push(f, population, putNext);
      });
    if (this.#spikesEmit(population)) {
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
      const batch = this.#served.batch[population];
      if (batch !== undefined) {
        f.get(next);
        f.i32.const(2);
        f.i32.shl();
        f.i32.const(inputIndices);
        f.i32.add();
        f.get(count);
        f.call(batch);
        return;
      }
      const one = this.#served.one[population];
      if (one === undefined) return;
      whileLess(f, next, end, 1, () => {
        putNext();
        f.call(one);
      });
    }, pushEach);
  }

  #spikesEmit(population: number): boolean {
    const emits = (actions: readonly Action[]): boolean =>
      actions.some((action) => {
        if (action.does === 'group') return emits(action.actions);
        if (action.does !== 'run') return false;
        return this.#image.kernels[action.kernel]?.code.some(({ mnemonic }) => mnemonic === 'emit') ?? false;
      });
    return emits(this.#image.events.spike[population] ?? []);
  }

  #writeEmit(f: FunctionBuilder): void {
    const [population, neuron] = f.params;
    if (population === undefined || neuron === undefined) return;
    this.#logSpike(f, population, neuron);
    if (this.#image.machine.whenFull === 'stall') {
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
        f.call(this.#serveHead);
        f.br(again);
      });
    });
  }

  /** Counts a spike and appends it to its population's list. */
  #logSpike(f: FunctionBuilder, population: Local, neuron: Local): void {
    for (const [index, address] of this.#map.spikes.entries()) {
      f.get(population);
      f.i32.const(index);
      f.i32.eq();
      f.if(() => {
        const slot = this.#counters.spikes[index];
        if (slot !== undefined) this.#count(f, slot, 1);
        const count = f.local('i32');
        const place = f.local('i32');
        const { size = 1 } = this.#image.populations[index] ?? {};
        f.i32.const(0);
        f.i32.load(address);
        f.tee(count);
        f.i32.const(size);
        f.i32.rem_u();
        f.set(place);
        // Neurons may spike several times in a step.
        f.get(place);
        f.i32.eqz();
        f.get(count);
        f.i32.const(0);
        f.i32.ne();
        f.i32.and();
        f.if(() => {
          f.get(population);
          f.call(this.#spill);
        });
        f.get(place);
        f.i32.const(2);
        f.i32.shl();
        f.get(neuron);
        f.i32.store(address + 4);
        f.i32.const(0);
        f.get(count);
        f.i32.const(1);
        f.i32.add();
        f.i32.store(address);
      });
    }
  }

  #writeServeHead(f: FunctionBuilder): void {
    const event = f.local('i32');
    this.#ring.putHead(f);
    f.set(event);
    this.#ring.pop(f);
    this.#count(f, this.#counters.pops, 1);
    for (const [population, handle] of this.#served.one.entries()) {
      putPopulation(f, event);
      f.i32.const(population);
      f.i32.eq();
      f.if(() => {
        putNeuron(f, event);
        f.call(handle);
      });
    }
  }

  /** Serves until no event waits: neighbours of one population as a batch, where what they trigger allows it. */
  #writeServeAll(f: FunctionBuilder): void {
    f.block((done) => {
      f.loop((again) => {
        this.#ring.putIsEmpty(f);
        f.brIf(done);
        for (const [population, handle] of this.#served.batch.entries()) {
          if (handle === undefined) continue;
          const count = this.#takeRun(f, population);
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

  /** Moves the events of a population at the head of the FIFO into the batch. */
  #takeRun(f: FunctionBuilder, population: number): Local {
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
        putPopulation(f, event);
        f.i32.const(population);
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
