import {
  type CoreEvent,
  type PartField,
  type ServedList,
  type SystemAction,
  type SystemImage,
  unvisited,
} from '../compiler/index.ts';
import {
  type Checkpoint,
  type Core,
  type CoreState,
  checkSample,
  checkSaved,
  checkValues,
  createCore,
  defaultEngine,
  neuronOf,
  populationOf,
  refuseNeuron,
  refuseStep,
  type SampleStart,
  sizeOfInput,
  spikeAddress,
} from '../engine/index.ts';
import {
  addCounts,
  addRuns,
  type Condition,
  type Counters,
  copyCounts,
  fitToField,
  type Image,
  noCounts,
  resetCounts,
  setCounts,
  type Tally,
  tallyOf,
} from '../image/index.ts';
import { eventScalars, hostScalars } from '../isa/index.ts';
import { Parts } from './parts.ts';
import { StepClock } from './step-clock.ts';

/** A spike on its way. */
interface Spike {
  readonly population: number;
  readonly neuron: number;
  readonly kind: 'emitted' | 'previous';
}

const labelScalar = eventScalars.length + hostScalars.indexOf('label');
const stepScalar = eventScalars.length + hostScalars.indexOf('step');
const neuronScalar = eventScalars.indexOf('neuron');

/**
 * Several cores that run one program, step by step. To whoever drives it, it is a core that holds the whole program: it
 * has its fields, spikes and counters. Its cores run on either engine and know nothing of each other: all that passes
 * between them passes here, and is counted.
 */
export class System implements Core {
  readonly engine: Core['engine'];
  readonly image: Image;
  readonly #system: SystemImage;
  readonly cores: readonly Core[];
  readonly #parts: Parts;
  readonly #clock: StepClock | undefined;
  /** By population: the index of each neuron's core. */
  readonly #homes: readonly Uint16Array[];
  readonly event = new Int32Array(0);
  readonly #counts: Tally;
  #sample: SampleStart = { label: 0, learn: false, steps: 0 };
  #stepsDone = 0;
  #step = 0;
  #epoch = 0;
  readonly #waiting: Spike[] = [];
  readonly #emitted: number[] = [];
  #received: number[] = [];
  #pending: number[] = [];
  #previous: readonly number[][];
  /** What the system from whose checkpoint this one continues had counted. */
  #earlier: Counters | undefined;

  constructor(system: SystemImage, { engine = defaultEngine }: { readonly engine?: string } = {}) {
    this.#system = system;
    this.image = system.whole;
    this.cores = system.cores.map(({ image, number }) => createCore(image, { engine, index: number }));
    this.engine = this.cores[0]?.engine ?? 'fast';
    this.#parts = new Parts(system, this.cores);
    const numbers = system.cores.map(({ number }) => number);
    this.#clock = system.chip && new StepClock(system.chip, this.cores, numbers);
    this.#homes = this.image.populations.map(({ name, size }) => {
      const homes = new Uint16Array(size);
      for (const { first, size: count, core } of system.placement[name] ?? [])
        homes.fill(
          system.cores.findIndex(({ number }) => number === core),
          first,
          first + count,
        );
      return homes;
    });
    this.#counts = noCounts(this.image);
    this.#previous = this.image.populations.map(() => []);
  }

  get stepsDone(): number {
    return this.#stepsDone;
  }

  get emitted(): Uint32Array {
    return Uint32Array.from(this.#emitted);
  }

  setEpoch(epoch: number): void {
    this.#epoch = epoch;
    for (const core of this.cores) core.setEpoch(epoch);
  }

  begin(sample: SampleStart): void {
    checkSample(this.image, sample);
    for (const neuron of this.#spikesOf(sample, 0, sample.steps)) this.#checkInput(neuron);
    this.#sample = sample;
    this.#stepsDone = 0;
    this.#counts.samples += 1;
    this.#waiting.length = 0;
    this.#emitted.length = 0;
    this.#received = [];
    this.#pending = [];
    this.#previous = this.image.populations.map(() => []);
    this.#setScalar(labelScalar, sample.label);
    this.#startStep(0);
    this.#execute(this.#system.lists.sample, undefined);
    this.#clock?.work();
    this.#clock?.endPhase();
  }

  receive(population: number, neurons: ArrayLike<number>, from = 0, to = neurons.length): void {
    sizeOfInput(this.image, population);
    for (let index = from; index < to; index++) {
      const neuron = neurons[index] ?? Number.NaN;
      this.#checkInput(neuron);
      this.#pending.push(neuron);
    }
  }

  step(): number {
    const step = this.#stepsDone;
    if (step >= this.#sample.steps) refuseStep(this.#sample.steps);
    this.#stepsDone += 1;
    this.#counts.steps += 1;
    this.#startStep(step);
    this.#previous = this.image.populations.map((_, population) => {
      const neurons = this.#emitted.filter((spike) => populationOf(spike) === population).map(neuronOf);
      return [...new Set(neurons)].sort((a, b) => a - b);
    });
    this.#emitted.length = 0;
    this.#received = [...this.#spikesOf(this.#sample, step, step + 1), ...this.#pending];
    this.#pending = [];
    this.#execute(this.#system.lists.tick, undefined);
    this.#clock?.work();
    this.#clock?.endPhase();
    return this.#emitted.length;
  }

  finish(): void {
    while (this.#stepsDone < this.#sample.steps) this.step();
  }

  /** A system has no named events. */
  trigger(): number {
    return 0;
  }

  triggerEach(): number {
    return 0;
  }

  spikesOf(population: number): readonly number[] {
    if (population === this.image.input) return this.#received;
    return this.#emitted.filter((spike) => populationOf(spike) === population).map(neuronOf);
  }

  countSpikes(counts: readonly Float64Array[]): void {
    for (const [population, of] of counts.entries())
      for (const neuron of this.spikesOf(population)) of[neuron] = (of[neuron] ?? 0) + 1;
  }

  read(field: number): Float64Array {
    return this.#parts.read(field);
  }

  write(field: number, values: ArrayLike<number>): void {
    const named = this.image.fields[field];
    if (named === undefined) throw new Error(`no field ${field}`);
    checkValues(this.image, named, values);
    this.#parts.write(field, values);
  }

  /** The counts of the whole program: each piece of work over all cores; the FIFO's over their inputs. */
  counters(): Counters {
    const sum = noCounts(this.image);
    setCounts(sum, this.#counts);
    for (const [index, core] of this.cores.entries()) {
      const { work } = core.counters();
      const wholes = this.#system.cores[index]?.work ?? [];
      for (const [piece, count] of work.entries()) addRuns(tallyOf(sum, wholes[piece] ?? -1), count);
    }
    const network = this.#clock?.counts();
    const counted = copyCounts(network === undefined ? sum : { ...sum, network });
    return this.#earlier === undefined ? counted : addCounts(this.#earlier, counted);
  }

  busyCycles(): number {
    return this.cores.reduce((sum, core) => sum + core.busyCycles(), 0);
  }

  resetCounters(): void {
    resetCounts(this.#counts);
    this.#earlier = undefined;
    for (const core of this.cores) core.resetCounters();
    this.#clock?.reset();
  }

  /** The states of all cores, one behind the other. */
  save(): CoreState {
    const states = this.cores.map((core) => core.save());
    return {
      banks: states.flatMap(({ banks }) => banks),
      generators: Uint32Array.from(states.flatMap(({ generators }) => [...generators])),
    };
  }

  restore(state: CoreState): void {
    const states = statesOf(this.#system, state);
    for (const [index, core] of this.cores.entries()) {
      const own = states[index];
      if (own !== undefined) core.restore(own);
    }
  }

  checkpoint(): Checkpoint {
    return {
      state: this.save(),
      sample: this.#sample,
      stepsDone: this.#stepsDone,
      epoch: this.#epoch,
      emitted: [...this.#emitted],
      received: [...this.#received],
      pending: [...this.#pending],
      waiting: this.#waiting.map(({ population, neuron, kind }) => ({ population, neuron, spikes: kind })),
      event: [],
      counters: this.counters(),
    };
  }

  resume(checkpoint: Checkpoint): void {
    this.restore(checkpoint.state);
    this.setEpoch(checkpoint.epoch);
    this.#sample = checkpoint.sample;
    this.#stepsDone = checkpoint.stepsDone;
    this.#setScalar(labelScalar, checkpoint.sample.label);
    this.#startStep(Math.max(0, checkpoint.stepsDone - 1));
    this.#emitted.splice(0, this.#emitted.length, ...checkpoint.emitted);
    this.#received = [...checkpoint.received];
    this.#pending = [...checkpoint.pending];
    this.#waiting.splice(
      0,
      this.#waiting.length,
      ...checkpoint.waiting.map(({ population, neuron, spikes }) => ({ population, neuron, kind: spikes })),
    );
    this.resetCounters();
    this.#earlier = checkpoint.counters;
  }

  /** The input's spikes that a sample has for the steps `from` up to, not including, `to`. */
  #spikesOf({ spikes }: SampleStart, from: number, to: number): ArrayLike<number> & Iterable<number> {
    return spikes === undefined ? [] : spikes.indices.subarray(spikes.offsets[from], spikes.offsets[to]);
  }

  #checkInput(neuron: number): void {
    if (neuron >>> 0 !== neuron || neuron >= sizeOfInput(this.image, this.image.input))
      refuseNeuron(this.image, neuron);
  }

  #startStep(step: number): void {
    this.#step = step;
    this.#setScalar(stepScalar, step);
  }

  #setScalar(scalar: number, value: number): void {
    for (const { event } of this.cores) event[scalar] = value;
  }

  /**
   * Executes a list. A failed test ends it.
   *
   * @param spike the spike that triggered it
   */
  #execute(actions: readonly SystemAction[], spike: Spike | undefined): void {
    for (const action of actions) {
      switch (action.does) {
        case 'run':
          this.#run(action.on, action.emits, spike);
          break;
        case 'deliver':
          this.#deliver(action.population, action.spikes);
          break;
        case 'send':
          this.#send(action.field, action.to);
          break;
        case 'empty':
          for (const { core, field } of action.sums) {
            const { count = 0 } = this.#core(core).image.fields[field] ?? {};
            this.#core(core).write(field, new Float64Array(count).fill(unvisited));
          }
          break;
        case 'sum':
          this.#sum(action.field, action.sums);
          break;
        case 'stop-unless-any':
          if (!this.#isAnySet(action.field, action.on)) return;
          break;
        case 'group':
          if (this.#holds(action.condition)) this.#execute(action.actions, spike);
          break;
      }
    }
  }

  /** Triggers events, each on its core, and takes what they emit in the order of the neurons. */
  #run(on: readonly CoreEvent[], emits: number | undefined, spike: Spike | undefined): void {
    const emitted: number[] = [];
    let emitting = 0;
    for (const { core: index, event, first, size } of on) {
      const core = this.#core(index);
      if (spike !== undefined) {
        const neuron = spike.neuron - first;
        if (neuron < 0 || neuron >= size) continue;
        core.event[neuronScalar] = neuron;
      }
      const count = core.trigger(event);
      if (count === 0) continue;
      emitting += 1;
      const { populations = [] } = this.#system.cores[index] ?? {};
      const addresses = core.emitted;
      for (let at = 0; at < count; at++) {
        const address = addresses[at] ?? 0;
        emitted.push(neuronOf(address) + (populations[populationOf(address)]?.first ?? 0));
      }
    }
    if (emits === undefined || emitted.length === 0) return;
    if (emitting > 1) emitted.sort((a, b) => a - b);
    this.#counts.spikes[emits] = (this.#counts.spikes[emits] ?? 0) + emitted.length;
    for (const neuron of emitted) {
      this.#emitted.push(spikeAddress(emits, neuron));
      this.#waiting.push({ population: emits, neuron, kind: 'emitted' });
    }
  }

  /** Spikes travel to all cores that have something to do for them, until none waits. */
  #deliver(population: number, kind: Spike['kind']): void {
    if (kind === 'previous') {
      for (const neuron of this.#previous[population] ?? []) this.#waiting.push({ population, neuron, kind });
    } else if (population === this.image.input) {
      this.#counts.spikes[population] = (this.#counts.spikes[population] ?? 0) + this.#received.length;
      for (const neuron of this.#received) this.#waiting.push({ population, neuron, kind });
    }
    const waiting = this.#waiting;
    this.#clock?.work();
    for (let next = 0; next < waiting.length; ) {
      const spike = waiting[next];
      if (spike === undefined) break;
      const { spike: lists, previousSpike } = this.#system.lists;
      const list = (spike.kind === 'previous' ? previousSpike : lists)[spike.population];
      const actions = list === undefined ? [] : this.#variantOf(list);
      const [only] = actions;
      if (only?.does === 'run' && actions.length === 1 && isAlike(only, this.#sizeOf(spike.population))) {
        let end = next + 1;
        while (waiting[end]?.population === spike.population && waiting[end]?.kind === spike.kind) end += 1;
        const neurons = Uint32Array.from(waiting.slice(next, end), ({ neuron }) => neuron);
        this.#serveAll(only.on, spike.population, neurons);
        next = end;
        continue;
      }
      next += 1;
      this.#carry(spike, actions);
      this.#execute(actions, spike);
    }
    waiting.length = 0;
    if (this.#system.chip?.delivery === 'phases') this.#clock?.endPhase();
  }

  /** Serves spikes of a population on each core at once: what they trigger emits nothing and is the same for all. */
  #serveAll(on: readonly CoreEvent[], population: number, neurons: Uint32Array): void {
    const homes = population === this.image.input ? undefined : this.#homes[population];
    for (const { core, event } of on) {
      for (const neuron of neurons) this.#arrive(homes?.[neuron], core);
      this.#core(core).triggerEach(event, neurons);
    }
  }

  /** A spike reaches a core: from the host, or from the core of its neuron. */
  #arrive(from: number | undefined, core: number): void {
    this.#counts.pushes += 1;
    this.#counts.pops += 1;
    this.#clock?.arrive(core, 1);
    if (from === undefined) this.#clock?.receive(core);
    else this.#clock?.send(from, core, 1, 'spikes');
  }

  #sizeOf(population: number): number {
    return this.image.populations[population]?.size ?? 0;
  }

  #variantOf({ conditions, variants }: ServedList): readonly SystemAction[] {
    let holds = 0;
    for (const [at, condition] of conditions.entries()) if (this.#holds(condition)) holds |= 1 << at;
    return variants[holds] ?? [];
  }

  /** Counts what carries a spike: a packet to each core that acts on it. */
  #carry({ population, neuron }: Spike, actions: readonly SystemAction[]): void {
    const from = population === this.image.input ? undefined : this.#homes[population]?.[neuron];
    let last = -1;
    for (const action of actions) {
      if (action.does !== 'run') continue;
      for (const { core, first, size } of action.on) {
        if (core === last || neuron < first || neuron >= first + size) continue;
        last = core;
        this.#arrive(from, core);
      }
    }
  }

  /** Sends the items of a field that differ from their copies. */
  #send(field: number, to: readonly PartField[]): void {
    this.#clock?.work();
    const values = this.#parts.read(field);
    for (const { core: index, field: copy } of to) {
      const core = this.#core(index);
      const known = core.read(copy);
      let isChanged = false;
      for (const { core: from, items } of this.#parts.homes(field)) {
        let changed = 0;
        for (const item of items) if (known[item] !== values[item]) changed += 1;
        this.#clock?.send(from, index, changed, 'values');
        if (changed > 0) isChanged = true;
      }
      if (isChanged) core.write(copy, values);
    }
    this.#clock?.endPhase();
  }

  /** Adds up the partial sums of the visited rows, exactly, and stores them as one core would. */
  #sum(field: number, sums: readonly PartField[]): void {
    const { fields } = this.image;
    const reduced = fields[field];
    if (reduced === undefined) throw new Error(`no field ${field}`);
    this.#clock?.work();
    const values = this.#parts.read(field);
    const total = new Float64Array(values.length);
    const visited = new Uint8Array(values.length);
    const homes = this.#parts.homes(field);
    for (const { core, field: part } of sums) {
      const partial = this.#core(core).read(part);
      for (const { core: home, items } of homes) {
        let sent = 0;
        for (const item of items) {
          const sum = partial[item] ?? unvisited;
          if (sum === unvisited) continue;
          total[item] = (total[item] ?? 0) + sum;
          visited[item] = 1;
          sent += 1;
        }
        this.#clock?.send(core, home, sent, 'values');
      }
    }
    const toField = fitToField(reduced);
    for (const [item, isVisited] of visited.entries())
      if (isVisited === 1) values[item] = toField(total[item] ?? 0);
    this.#parts.store(field, values);
    this.#clock?.endPhase();
  }

  /** Each core tests its items and tells all others. Tests |x| >= 1, as a gate does. */
  #isAnySet(field: number, on: readonly CoreEvent[]): boolean {
    for (const { core, event } of on) this.#core(core).trigger(event);
    const homes = new Set(this.#parts.homes(field).map(({ core }) => core));
    for (const from of homes) for (const to of this.cores.keys()) this.#clock?.send(from, to, 1, 'values');
    this.#clock?.endPhase();
    return this.#parts.read(field).some((value) => Math.abs(value) >= 1);
  }

  #holds({ learning, from, every, last }: Condition): boolean {
    const isLast = last === 0 || this.#step >= this.#sample.steps - last;
    return (
      (this.#sample.learn || !learning) && this.#step >= from && (this.#step - from) % every === 0 && isLast
    );
  }

  #core(index: number): Core {
    const core = this.cores[index];
    if (core === undefined) throw new Error(`no core ${index}`);
    return core;
  }
}

/** Whether every neuron of a population has one event on each core that acts on its spikes, and none emits. */
function isAlike({ on, emits }: Extract<SystemAction, { does: 'run' }>, size: number): boolean {
  return (
    emits === undefined &&
    on.every(({ core, first, size: most }, at) => first === 0 && most === size && on[at - 1]?.core !== core)
  );
}

/** The states of the cores of a system, which {@link System.save} puts one behind the other. */
function statesOf({ cores }: SystemImage, { banks, generators }: CoreState): CoreState[] {
  let bank = 0;
  let generator = 0;
  return cores.map(({ image }) => {
    const [firstBank, firstGenerator] = [bank, generator];
    bank += image.banks.length;
    generator += image.core.lanes + image.generators.length;
    return {
      banks: banks.slice(firstBank, bank),
      generators: generators.slice(firstGenerator, generator),
    };
  });
}

/**
 * Refuses a state of another system.
 *
 * @param path where the state is in what it was read from, for the message
 * @throws PlasticoreError `data`
 */
export function checkSystemState(
  system: SystemImage,
  state: CoreState,
  path: readonly PropertyKey[] = [],
): void {
  for (const [index, own] of statesOf(system, state).entries()) {
    const image = system.cores[index]?.image;
    if (image !== undefined) checkSaved(image, own, path);
  }
}
