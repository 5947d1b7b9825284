import type { SystemImage } from '../compiler/index.ts';
import {
  at,
  type Checkpoint,
  type Core,
  type CoreState,
  checkSample,
  checkSaved,
  checkValues,
  createCore,
  defaultEngine,
  FastCore,
  fixedItems,
  neuronOf,
  populationOf,
  ReferenceCore,
  type ReferenceOptions,
  receiving,
  refuseNeuron,
  refuseStep,
  type SampleStart,
} from '../engine/index.ts';
import {
  addCounts,
  addRuns,
  type Counters,
  copyCounts,
  type Image,
  isSpikeOf,
  noCounts,
  resetCounts,
  setCounts,
  type Tally,
  tallyOf,
} from '../image/index.ts';
import { eventScalars, hostScalars } from '../isa/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { Crew } from './crew.ts';
import { Exchange } from './exchange.ts';
import { ListRunner } from './list-runner.ts';
import type { Parts } from './parts.ts';
import { type PhaseWatch, StepClock } from './step-clock.ts';
import { StepSpikes } from './step-spikes.ts';
import type { GroupWork } from './team.ts';
import { WaitingSpikes } from './waiting-spikes.ts';

const labelScalar = eventScalars.length + hostScalars.indexOf('label');
const stepScalar = eventScalars.length + hostScalars.indexOf('step');

/** How a system is created. */
export interface SystemOptions {
  readonly engine?: string | undefined;
  readonly crew?: Crew<GroupWork> | undefined;
  /** Watches the cores, which then run on the reference engine. */
  readonly watch?: SystemWatch | undefined;
}

/** Watches a system; cores are named by index. */
export interface SystemWatch extends PhaseWatch {
  /** How a core is created, so that it is watched, too. */
  core(index: number): ReferenceOptions;
}

/**
 * Several cores that run one program, step by step. To whoever drives it, it is a core that holds the whole program: it
 * has its fields, spikes and counters. Its cores run on either engine and know nothing of each other: all that passes
 * between them passes here, and is counted.
 */
export class System implements Core {
  readonly engine: Core['engine'];
  readonly image: Image;
  readonly cores: readonly Core[];
  /** A system has no named events, and none of their scalars. */
  readonly event = new Int32Array(0);
  readonly #system: SystemImage;
  readonly #spikes: StepSpikes;
  readonly #waiting: WaitingSpikes;
  readonly #parts: Parts;
  readonly #clock: StepClock | undefined;
  readonly #runner: ListRunner;
  readonly #counts: Tally;
  #sample: SampleStart = { label: 0, learn: false, steps: 0 };
  #stepsDone = 0;
  #epoch = 0;
  #pending: number[] = [];
  /** What the system from whose checkpoint this one continues had counted. */
  #earlier: Counters | undefined;

  /**
   * @param options.engine default: the default engine
   * @param options.crew threads that run the cores together, on the fast engine; the present one alone if absent
   */
  constructor(system: SystemImage, { engine = defaultEngine, crew, watch }: SystemOptions = {}) {
    this.#system = system;
    this.image = system.whole;
    if (crew !== undefined && engine !== defaultEngine)
      throw new PlasticoreError('usage', `the ${engine} engine runs on one thread`);
    const team = crew && { crew, cores: sharedCores(system) };
    this.cores =
      team?.cores ??
      system.cores.map(({ image, number }, index) =>
        watch === undefined
          ? createCore(image, { engine, index: number })
          : new ReferenceCore(image, { ...watch.core(index), index: number }),
      );
    this.engine = at(this.cores, 0).engine;
    const numbers = system.cores.map(({ number }) => number);
    const clock = system.chip && new StepClock(system.chip, this.cores, numbers, watch);
    const exchange = new Exchange(system, this.cores, clock);
    const spikes = new StepSpikes(this.image);
    const counts = noCounts(this.image);
    const waiting = new WaitingSpikes(system, exchange.parts);
    this.#runner = new ListRunner({
      system,
      cores: this.cores,
      spikes,
      waiting,
      exchange,
      clock,
      counts,
      team,
    });
    this.#waiting = waiting;
    this.#parts = exchange.parts;
    this.#clock = clock;
    this.#spikes = spikes;
    this.#counts = counts;
  }

  get stepsDone(): number {
    return this.#stepsDone;
  }

  get emitted(): Uint32Array {
    return this.#spikes.addresses;
  }

  setEpoch(epoch: number): void {
    this.#epoch = epoch;
    for (const core of this.cores) core.setEpoch(epoch);
  }

  begin(sample: SampleStart): void {
    checkSample(this.image, sample);
    const { spikes, steps, learn } = sample;
    if (spikes !== undefined)
      for (const neuron of spikes.indices.subarray(0, spikes.offsets[steps])) this.#checkInput(neuron);
    this.#sample = sample;
    this.#stepsDone = 0;
    this.#pending = [];
    this.#counts.samples += 1;
    this.#spikes.clear();
    this.#setScalar(labelScalar, sample.label);
    this.#setScalar(stepScalar, 0);
    this.#runner.run(this.#system.lists.sample, { step: 0, steps, learn });
  }

  receive(population: number, neurons: ArrayLike<number>, from = 0, to = neurons.length): void {
    receiving(this.image, population);
    for (let index = from; index < to; index++) {
      const neuron = neurons[index] ?? Number.NaN;
      this.#checkInput(neuron);
      this.#pending.push(neuron);
    }
  }

  #checkInput(neuron: number): void {
    if (!isSpikeOf(receiving(this.image, this.image.input), neuron)) refuseNeuron(this.image, neuron);
  }

  step(): number {
    const step = this.#stepsDone;
    const { steps, learn, spikes } = this.#sample;
    if (step >= steps) refuseStep(steps);
    this.#stepsDone += 1;
    this.#counts.steps += 1;
    this.#setScalar(stepScalar, step);
    const known = spikes?.indices.subarray(spikes.offsets[step], spikes.offsets[step + 1]) ?? [];
    this.#spikes.turn(this.#pending.length === 0 ? known : [...known, ...this.#pending]);
    this.#pending = [];
    this.#runner.run(this.#system.lists.tick, { step, steps, learn });
    return this.#spikes.count;
  }

  finish(): void {
    while (this.#stepsDone < this.#sample.steps) this.step();
  }

  trigger(): number {
    return 0;
  }

  triggerEach(): number {
    return 0;
  }

  spikesOf(population: number): readonly number[] {
    return Array.from(this.#spikes.spikesOf(population));
  }

  countSpikes(counts: readonly Float64Array[]): void {
    for (const [population, of] of counts.entries()) {
      const neurons = this.#spikes.spikesOf(population);
      for (let place = 0; place < neurons.length; place++) {
        const neuron = neurons[place] ?? 0;
        of[neuron] = (of[neuron] ?? 0) + 1;
      }
    }
  }

  read(field: number): Float64Array {
    const read = at(this.image.fields, field);
    return read.fixed === true ? fixedItems(this.image, read) : this.#parts.read(field);
  }

  write(field: number, values: ArrayLike<number>): void {
    checkValues(this.image, at(this.image.fields, field), values);
    this.#parts.write(field, values);
    this.#waiting.read();
  }

  /** The counts of the whole program: each piece of work over all cores; the FIFO's over all that arrives. */
  counters(): Counters {
    const sum = noCounts(this.image);
    setCounts(sum, this.#counts);
    for (const [index, core] of this.cores.entries()) {
      const wholes = at(this.#system.cores, index).work;
      for (const [piece, count] of core.counters().work.entries())
        addRuns(tallyOf(sum, at(wholes, piece)), count);
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
    for (const [index, own] of statesOf(this.#system, state).entries()) at(this.cores, index).restore(own);
    this.#waiting.read();
  }

  checkpoint(): Checkpoint {
    return {
      state: this.save(),
      sample: this.#sample,
      stepsDone: this.#stepsDone,
      epoch: this.#epoch,
      emitted: [...this.#spikes.addresses],
      received: Array.from(this.#spikes.received),
      pending: [...this.#pending],
      waiting: this.#spikes.waiting,
      event: [],
      counters: this.counters(),
    };
  }

  resume(checkpoint: Checkpoint): void {
    const { sample, stepsDone, emitted, waiting, received, pending } = checkpoint;
    this.restore(checkpoint.state);
    this.setEpoch(checkpoint.epoch);
    this.#sample = sample;
    this.#stepsDone = stepsDone;
    this.#setScalar(labelScalar, sample.label);
    this.#setScalar(stepScalar, Math.max(0, stepsDone - 1));
    const spikes = emitted.map((address) => ({
      population: populationOf(address),
      kind: 'emitted' as const,
      neurons: [neuronOf(address)],
    }));
    this.#spikes.replace(spikes, waiting, received);
    this.#pending = [...pending];
    this.resetCounters();
    this.#earlier = checkpoint.counters;
  }

  #setScalar(scalar: number, value: number): void {
    for (const { event } of this.cores) event[scalar] = value;
  }
}

/** Cores that any thread may run. */
function sharedCores({ cores }: SystemImage): FastCore[] {
  return cores.map(({ image, number }) => new FastCore(image, { index: number, isShared: true }));
}

/** The states of the cores of a system, which {@link System.save} puts one behind the other. */
function statesOf({ cores }: SystemImage, { banks, generators }: CoreState): CoreState[] {
  let bank = 0;
  let generator = 0;
  return cores.map(({ image }, index) => {
    const [firstBank, firstGenerator] = [bank, generator];
    // What is too much goes to the last core, where it is found.
    const isLast = index + 1 === cores.length;
    bank = isLast ? banks.length : bank + image.banks.length;
    generator = isLast ? generators.length : generator + image.core.lanes + image.generators.length;
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
  for (const [index, own] of statesOf(system, state).entries())
    checkSaved(at(system.cores, index).image, own, path);
}
