import type { SpikeTrain } from '../../data/index.ts';
import {
  type Action,
  addAt,
  type Condition,
  type Counters,
  copyCounts,
  emittingPopulation,
  type Image,
  layoutOf,
  loadedField,
  Memory,
  noCounts,
  resetCounts,
  type Tally,
  tallyOf,
} from '../../image/index.ts';
import { eventScalars, hostScalars, weightView } from '../../isa/index.ts';
import { seedLanes } from '../../random/index.ts';
import {
  type CoreState,
  checkSteps,
  checkValues,
  type Engine,
  mostEmitted,
  neuronBits,
  type SampleOptions,
} from '../engine.ts';
import { DeclaredGenerator } from './generator.ts';
import { KernelRunner } from './kernel.ts';
import { Lanes } from './lanes.ts';
import { Ports, sliced } from './ports.ts';

/** An address event: a spike on its way through the FIFO, of this step or of the one before. */
interface AddressEvent {
  readonly population: number;
  readonly neuron: number;
  readonly spikes: 'emitted' | 'previous';
}

/** The runs of a kernel: one, and those that it is suspended for. */
interface KernelRun {
  readonly runners: KernelRunner[];
  underWay: number;
  readonly start: () => KernelRunner;
}

const labelScalar = hostScalars.indexOf('label');
const stepScalar = hostScalars.indexOf('step');
const neuronScalar = eventScalars.indexOf('neuron');
const postScalar = eventScalars.indexOf('post');

/**
 * The reference engine: the specification of what a core does with an image, written to be read. It keeps its banks
 * packed as the core does, carries out microcode operation by operation, and counts every access as it happens.
 */
export class ReferenceEngine implements Engine {
  readonly name = 'reference';
  readonly image: Image;
  readonly event: Int32Array;
  readonly emitted: Uint32Array;
  readonly #memory: Memory;
  readonly #generators: Uint32Array;
  readonly #declared: readonly DeclaredGenerator[];
  readonly #host = new Int32Array(hostScalars.length);
  readonly #parameters: { readonly integers: readonly Int32Array[]; readonly reals: readonly Float32Array[] };
  /** For each kernel, its runs. */
  readonly #runs: readonly KernelRun[];
  readonly #counts: Tally;
  readonly #fifo: AddressEvent[] = [];
  #spikes: number[][];
  /** For each population, which of its neurons spiked in the step before: a flag each, where the core keeps them. */
  readonly #previous: readonly Uint8Array[];
  /** Time steps of the sample under way. */
  #steps = 0;
  #learn = false;
  /** How many items the trigger under way has emitted. */
  #emittedCount = 0;

  constructor(image: Image) {
    this.image = image;
    this.event = new Int32Array(image.eventScalars.length);
    this.emitted = new Uint32Array(mostEmitted(image));
    this.#memory = new Memory(image);
    const { lanes, datapathBits } = image.core;
    this.#generators = seedLanes(image.seed, lanes);
    this.#declared = image.generators.map((generator) => new DeclaredGenerator(generator));
    const longestStrip = Math.max(...image.populations.map(({ size }) => Math.ceil(size / lanes) * lanes));
    this.#parameters = {
      integers: image.parameters.map(() => new Int32Array(longestStrip)),
      reals: image.parameters.map(() => new Float32Array(longestStrip)),
    };
    this.#counts = noCounts(image);
    this.#spikes = image.populations.map(() => []);
    this.#previous = image.populations.map(({ size }) => new Uint8Array(size));
    const describe = () => `sample ${this.#counts.samples} of this run, step ${this.#host[stepScalar]}`;
    this.#runs = image.kernels.map((kernel, work) => {
      const population = emittingPopulation(image, kernel);
      const counter = tallyOf(this.#counts, work);
      const around = {
        lanes,
        datapathBits,
        longestStrip,
        generators: this.#generators,
        declared: this.#declared,
        host: this.#host,
        event: this.event,
        parameters: this.#parameters,
        emit: (neuron: number) => this.#emit({ population, neuron, spikes: 'emitted' }),
      };
      const start = (): KernelRunner => {
        const ports = new Ports(kernel, image, this.#memory, counter, describe);
        return new KernelRunner(kernel, image, this.#memory, counter, new Lanes(kernel, around, ports));
      };
      return { runners: [start()], underWay: 0, start };
    });
    this.setEpoch(0);
  }

  setEpoch(epoch: number): void {
    const { epochs, parameters } = this.image;
    const interval = epochs.findLastIndex((first) => first <= epoch);
    for (const [index, { values }] of parameters.entries()) {
      this.#parameters.integers[index]?.fill(values[interval] ?? 0);
      this.#parameters.reals[index]?.fill(values[interval] ?? 0);
    }
  }

  runSample(spikes: SpikeTrain, { label, learn, observe }: SampleOptions): void {
    checkSteps(this.image, spikes);
    this.#steps = spikes.steps;
    this.#learn = learn;
    this.#host[labelScalar] = label;
    this.#host[stepScalar] = 0;
    this.#counts.samples += 1;
    this.#fifo.length = 0;
    for (const list of this.#spikes) list.length = 0;
    for (const flags of this.#previous) flags.fill(0);
    this.#run(this.image.events.sample, 0);
    for (let step = 0; step < spikes.steps; step++) {
      this.#host[stepScalar] = step;
      this.#counts.steps += 1;
      this.#keepSpikes();
      const supplied = spikes.indices.subarray(spikes.offsets[step], spikes.offsets[step + 1]);
      this.#spikes[this.image.input]?.push(...supplied);
      this.#run(this.image.events.tick, 0);
      observe?.(step);
    }
  }

  trigger(event: number): number {
    for (const list of this.#spikes) list.length = 0;
    this.#emittedCount = 0;
    this.#run(this.image.events.named[event]?.actions ?? [], this.event[neuronScalar] ?? 0);
    return this.#emittedCount;
  }

  /** The spikes of the last step become those of the previous step; a neuron that spiked several times is one of them once. */
  #keepSpikes(): void {
    for (const [population, list] of this.#spikes.entries()) {
      const flags = this.#previous[population];
      flags?.fill(0);
      for (const neuron of list) if (flags !== undefined) flags[neuron] = 1;
      list.length = 0;
    }
  }

  /**
   * Carries out a list.
   *
   * @param neuron the neuron whose spike triggered it, or that the named event names
   * @returns false where a test has ended the list
   */
  #run(actions: readonly Action[], neuron: number): void {
    for (const action of actions) {
      switch (action.does) {
        case 'run':
          this.#runKernel(action.kernel, neuron);
          break;
        case 'deliver':
          this.#deliver(action.population, action.spikes);
          break;
        case 'clear':
          this.#clear(action.fields, action.work);
          break;
        case 'stop-unless-any':
          if (!this.#isAnySet(action.field, action.work)) return;
          break;
        case 'hold':
          this.#hold(action.fields, action.after, action.period);
          break;
        case 'group':
          if (this.#holds(action.condition)) this.#run(action.actions, neuron);
          break;
      }
    }
  }

  /** A push that stalls may serve a spike that runs the suspended kernel itself. */
  #runKernel(kernel: number, neuron: number): void {
    const run = this.#runs[kernel];
    if (run === undefined) throw new Error(`no kernel ${kernel}`);
    const runner = run.runners[run.underWay] ?? run.start();
    run.runners[run.underWay] = runner;
    run.underWay += 1;
    try {
      runner.run(neuron, this.event[postScalar] ?? 0);
    } finally {
      run.underWay -= 1;
    }
  }

  #holds({ learning, from, every, last }: Condition): boolean {
    const step = this.#host[stepScalar] ?? 0;
    const isLast = last === 0 || step >= this.#steps - last;
    return (this.#learn || !learning) && step >= from && (step - from) % every === 0 && isLast;
  }

  /**
   * The host pushes the input's spikes, the core those that it kept of the previous step, in the order of the neurons;
   * both wait where the FIFO is full. Then the FIFO is served until it is empty.
   */
  #deliver(population: number, spikes: 'emitted' | 'previous'): void {
    if (spikes === 'previous') {
      for (const [neuron, flag] of this.#previous[population]?.entries() ?? []) {
        if (flag === 0) continue;
        this.#waitForPlace();
        this.#push({ population, neuron, spikes });
      }
    } else if (population === this.image.input) {
      for (const neuron of this.#spikes[population] ?? []) {
        addAt(this.#counts.spikes, population, 1);
        this.#waitForPlace();
        this.#push({ population, neuron, spikes });
      }
    }
    while (this.#fifo.length > 0) this.#serveHead();
  }

  #emit(event: AddressEvent): void {
    this.#spikes[event.population]?.push(event.neuron);
    addAt(this.#counts.spikes, event.population, 1);
    if (this.image.core.controller !== undefined) {
      this.emitted[this.#emittedCount] = event.population * 2 ** neuronBits + event.neuron;
      this.#emittedCount += 1;
      return;
    }
    if (this.#isFull() && this.image.core.whenFull === 'drop') {
      this.#counts.drops += 1;
      return;
    }
    this.#waitForPlace();
    this.#push(event);
  }

  #isFull(): boolean {
    return this.#fifo.length >= this.image.core.fifoDepth;
  }

  #push(event: AddressEvent): void {
    this.#counts.pushes += 1;
    this.#fifo.push(event);
  }

  /** Stalls a push: serves the head until there is a place, for what it triggers may fill the FIFO again. */
  #waitForPlace(): void {
    while (this.#isFull()) {
      this.#counts.stalls += 1;
      this.#serveHead();
    }
  }

  #serveHead(): void {
    const event = this.#fifo.shift();
    if (event === undefined) return;
    this.#counts.pops += 1;
    const { spike, previousSpike } = this.image.events;
    const lists = event.spikes === 'previous' ? previousSpike : spike;
    this.#run(lists[event.population] ?? [], event.neuron);
  }

  /** Zeroes fields, a word a cycle. A word that other fields share is read first where the bank has no bit mask. */
  #clear(fields: readonly number[], work: number): void {
    const counter = tallyOf(this.#counts, work);
    counter.runs += 1;
    const cleared = new Map<number, number>();
    for (const index of fields) {
      const field = this.image.fields[index];
      if (field === undefined) continue;
      const layout = layoutOf(this.image, field);
      const access = this.#memory.access(this.image, field);
      for (let item = 0; item < field.count; item++) access.write(item, 0);
      cleared.set(layout.index, (cleared.get(layout.index) ?? 0) + field.bits);
    }
    for (const [index, bits] of cleared) {
      const layout = this.image.layouts[index];
      if (layout === undefined) continue;
      const words = layout.rows * layout.wordsPerRow;
      counter.tiles += words;
      addAt(counter.writes, layout.bank, words);
      if (bits < layout.itemBits && this.image.banks[layout.bank]?.bitMask === false)
        addAt(counter.reads, layout.bank, words);
    }
  }

  #hold(fields: readonly number[], after: number, period: number): void {
    for (const index of fields) {
      const field = this.image.fields[index];
      if (field === undefined) continue;
      const access = this.#memory.access(this.image, field);
      for (let item = after; item < field.count; item++) access.write(item, access.read(item - period));
    }
  }

  /** Scans a field as a gate does. */
  #isAnySet(index: number, work: number): boolean {
    const counter = tallyOf(this.#counts, work);
    const field = this.image.fields[index];
    if (field === undefined) throw new Error(`no field ${index}`);
    const layout = layoutOf(this.image, field);
    counter.runs += 1;
    counter.scannedTiles += Math.ceil(field.count / this.image.core.lanes);
    addAt(counter.reads, layout.bank, layout.rows * layout.wordsPerRow);
    return this.read(index).some((value) => Math.abs(value) >= 1);
  }

  read(index: number): Float64Array {
    const named = this.image.fields[index];
    if (named === undefined) throw new Error(`no field ${index}`);
    const field = loadedField(this.image.fields, index);
    const access = this.#memory.access(this.image, field);
    const slice = sliced(named, field) ?? ((value: number) => value);
    return Float64Array.from({ length: field.count }, (_, item) => slice(access.read(item)));
  }

  write(index: number, values: ArrayLike<number>): void {
    const field = this.image.fields[index];
    if (field === undefined) throw new Error(`no field ${index}`);
    checkValues(this.image, field, values);
    const access = this.#memory.access(this.image, field);
    const view = this.image.fields[field.storedView ?? -1];
    const toView = view?.view && weightView(view.view.droppedBits, view.bits);
    const viewAccess = view && this.#memory.access(this.image, view);
    for (let item = 0; item < field.count; item++) {
      const value = values[item] ?? 0;
      access.write(item, value);
      if (toView !== undefined) viewAccess?.write(item, toView(value));
    }
  }

  spikesOf(population: number): readonly number[] {
    return this.#spikes[population] ?? [];
  }

  counters(): Counters {
    return copyCounts(this.#counts);
  }

  resetCounters(): void {
    resetCounts(this.#counts);
  }

  save(): CoreState {
    const states = [...this.#generators, ...this.#declared.map(({ state }) => state)];
    return { banks: this.#memory.banks.map((words) => words.slice()), lanes: Uint32Array.from(states) };
  }

  restore({ banks, lanes }: CoreState): void {
    for (const [index, words] of this.#memory.banks.entries()) words.set(banks[index] ?? []);
    const count = this.#generators.length;
    this.#generators.set(lanes.subarray(0, count));
    for (const [index, generator] of this.#declared.entries()) generator.state = lanes[count + index] ?? 0;
  }
}
