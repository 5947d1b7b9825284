import type { Action, Image } from '../../image/index.ts';
import type { CounterMap } from './counter-map.ts';
import { addToCounter, whileLess } from './idioms.ts';
import type { MemoryMap } from './memory-map.ts';
import type { FunctionBuilder, FunctionHandle, GlobalHandle, Local, ModuleBuilder } from './wasm/index.ts';

/** Bits of a FIFO entry that name the neuron; the rest name its population. */
const neuronBits = 24;

/** Code of the event FIFO: pushes, drops and stalls, and what serves its head. */
export class EventCode {
  /** (population, neuron): a spike is emitted. */
  readonly emit: FunctionHandle;
  readonly #image: Image;
  readonly #map: MemoryMap;
  readonly #counters: CounterMap;
  /** The step under way. */
  readonly #step: GlobalHandle;
  /** For each population, the function that its spikes trigger. */
  readonly #spike: readonly FunctionHandle[];
  /** (population): its list of spikes is full, and is about to be written from the start. */
  readonly #spill: FunctionHandle;
  readonly #serveHead: FunctionHandle;
  /** Place of the head in the ring, and how many events wait. */
  readonly #head: GlobalHandle;
  readonly #waiting: GlobalHandle;

  constructor(
    module: ModuleBuilder,
    image: Image,
    map: MemoryMap,
    counters: CounterMap,
    step: GlobalHandle,
    spike: readonly FunctionHandle[],
    spill: FunctionHandle,
  ) {
    this.#image = image;
    this.#map = map;
    this.#counters = counters;
    this.#step = step;
    this.#spike = spike;
    this.#spill = spill;
    this.#head = module.global('i32', 0);
    this.#waiting = module.global('i32', 0);
    this.emit = module.declare('emit', { params: ['i32', 'i32'], results: [] });
    this.#serveHead = module.declare('serveHead', { params: [], results: [] });
  }

  /** Writes the bodies of the functions that other code calls. */
  define(module: ModuleBuilder): void {
    module.define(this.emit, (f) => this.#writeEmit(f));
    module.define(this.#serveHead, (f) => this.#writeServeHead(f));
  }

  /** Empties the FIFO. */
  clear(f: FunctionBuilder): void {
    for (const global of [this.#head, this.#waiting]) {
      f.i32.const(0);
      f.setGlobal(global);
    }
  }

  #count(f: FunctionBuilder, slot: number, amount: number | Local): void {
    addToCounter(f, this.#map.counters + 8 * slot, amount);
  }

  /** See the reference engine: the host's pushes wait where the FIFO is full, then the FIFO is served. */
  deliver(f: FunctionBuilder, population: number): void {
    if (population === this.#image.input) this.#pushInput(f, population);
    f.block((done) => {
      f.loop((again) => {
        f.getGlobal(this.#waiting);
        f.i32.eqz();
        f.brIf(done);
        f.call(this.#serveHead);
        f.br(again);
      });
    });
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
    const putNeuron = (): void => {
      f.get(next);
      f.i32.const(2);
      f.i32.shl();
      f.i32.load(inputIndices);
    };
    const pushEach = (): void =>
      whileLess(f, next, end, 1, () => {
        this.#waitForPlace(f);
        this.#push(f, population, putNeuron);
      });
    if (this.#spikesEmit(population)) {
      pushEach();
      return;
    }
    // Nothing that the spikes trigger emits: through an empty FIFO they come out as they go in, and are served at once.
    f.getGlobal(this.#waiting);
    f.i32.eqz();
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
      const handle = this.#spike[population];
      if (handle === undefined) return;
      whileLess(f, next, end, 1, () => {
        putNeuron();
        f.call(handle);
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

  #push(f: FunctionBuilder, population: number | Local, putNeuron: () => void): void {
    const { fifoDepth } = this.#image.machine;
    this.#count(f, this.#counters.pushes, 1);
    // The place behind the last: (head + waiting) mod depth.
    f.getGlobal(this.#head);
    f.getGlobal(this.#waiting);
    f.i32.add();
    f.i32.const(fifoDepth);
    f.i32.rem_u();
    f.i32.const(2);
    f.i32.shl();
    if (typeof population === 'number') f.i32.const(population);
    else f.get(population);
    f.i32.const(neuronBits);
    f.i32.shl();
    putNeuron();
    f.i32.or();
    f.i32.store(this.#map.fifo);
    f.getGlobal(this.#waiting);
    f.i32.const(1);
    f.i32.add();
    f.setGlobal(this.#waiting);
  }

  #writeEmit(f: FunctionBuilder): void {
    const [population, neuron] = f.params;
    if (population === undefined || neuron === undefined) return;
    this.#logSpike(f, population, neuron);
    const { fifoDepth, whenFull } = this.#image.machine;
    if (whenFull === 'stall') {
      this.#waitForPlace(f);
    } else {
      f.getGlobal(this.#waiting);
      f.i32.const(fifoDepth);
      f.i32.ge_s();
      f.if(() => {
        this.#count(f, this.#counters.drops, 1);
        f.return();
      });
    }
    this.#push(f, population, () => f.get(neuron));
  }

  /** Stalls: serves the head until there is a place, for what it triggers may fill the FIFO again. */
  #waitForPlace(f: FunctionBuilder): void {
    f.block((done) => {
      f.loop((again) => {
        f.getGlobal(this.#waiting);
        f.i32.const(this.#image.machine.fifoDepth);
        f.i32.lt_s();
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
    const { fifoDepth } = this.#image.machine;
    const entry = f.local('i32');
    f.getGlobal(this.#head);
    f.i32.const(2);
    f.i32.shl();
    f.i32.load(this.#map.fifo);
    f.set(entry);
    f.getGlobal(this.#head);
    f.i32.const(1);
    f.i32.add();
    f.i32.const(fifoDepth);
    f.i32.rem_u();
    f.setGlobal(this.#head);
    f.getGlobal(this.#waiting);
    f.i32.const(1);
    f.i32.sub();
    f.setGlobal(this.#waiting);
    this.#count(f, this.#counters.pops, 1);
    for (const [population, handle] of this.#spike.entries()) {
      f.get(entry);
      f.i32.const(neuronBits);
      f.i32.shr_u();
      f.i32.const(population);
      f.i32.eq();
      f.if(() => {
        f.get(entry);
        f.i32.const(2 ** neuronBits - 1);
        f.i32.and();
        f.call(handle);
      });
    }
  }
}
