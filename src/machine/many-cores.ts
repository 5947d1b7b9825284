import {
  type Checkpoint,
  type Core,
  type CoreState,
  checkSample,
  checkValues,
  createCore,
  defaultEngine,
  drawStates,
  FastCore,
  fixedItems,
  neuronOf,
  populationOf,
  receiving,
  refuseNeuron,
  refuseStep,
  type SampleStart,
} from '../engine/index.ts';
import {
  addCounts,
  addRuns,
  busyCycles,
  type Counters,
  copyCounts,
  intervalAt,
  isSpikeOf,
  noCounts,
  resetCounts,
  type SpreadImage,
  setCounts,
  type Tally,
  tallyOf,
} from '../image/index.ts';
import { eventScalars, hostScalars } from '../isa/index.ts';
import { addAt, at, PlasticoreError } from '../text/index.ts';
import { createJointly, type JointCores } from './joint-cores.ts';
import { ListRunner } from './list-runner.ts';
import type { Machine, MachineOptions } from './machine.ts';
import { Exchange, type FieldParts, WaitingOnCores } from './parts.ts';
import { homesOf, LostSpikes } from './spike-ways.ts';
import { joinStates, ownState, statesOf } from './states.ts';
import { StepClock } from './step-clock.ts';
import { SpikesOfStep } from './step-spikes.ts';

const labelScalar = eventScalars.length + hostScalars.indexOf('label');
const stepScalar = eventScalars.length + hostScalars.indexOf('step');

/**
 * Several cores that run one program, step by step. From outside it is a core with the whole program's fields, spikes
 * and counters. Its cores run on either engine and know nothing of each other: the machine passes on and counts
 * everything between them.
 */
export class ManyCores implements Machine {
  readonly engine: Core['engine'];
  readonly image: SpreadImage;
  readonly cores: readonly Core[];
  readonly #spikes: SpikesOfStep;
  readonly #waiting: WaitingOnCores;
  readonly #joint: JointCores | undefined;
  readonly #parts: FieldParts;
  readonly #clock: StepClock | undefined;
  readonly #lost: LostSpikes | undefined;
  readonly #runner: ListRunner;
  readonly #counts: Tally;
  #sample: SampleStart = { label: 0, learn: false, steps: 0 };
  #stepsDone = 0;
  #epoch = 0;
  /** The interval of the schedule that it lies in. */
  #interval = 0;
  #pending: number[] = [];
  /** Counts of the machine from whose checkpoint this one continues. */
  #earlier: Counters | undefined;

  /**
   * @param options.engine default: the default engine
   * @param options.crew threads that run the cores together, on the fast engine; the present one alone if absent
   */
  constructor(image: SpreadImage, { engine = defaultEngine, crew, watch }: MachineOptions = {}) {
    this.image = image;
    if (crew !== undefined && engine !== defaultEngine)
      throw new PlasticoreError('usage', `the ${engine} engine runs on one thread`);
    const team = crew && { crew, cores: sharedCores(image) };
    const isPlain = engine === defaultEngine && crew === undefined && watch === undefined;
    this.#joint = isPlain ? createJointly(image) : undefined;
    this.cores =
      team?.cores ??
      this.#joint?.cores ??
      image.cores.map(({ image: own, number }, index) => {
        const core = createCore(own, { engine, ...watch?.core(index), index: number });
        return watch?.around?.(core, index) ?? core;
      });
    this.engine = at(this.cores, 0).engine;
    const numbers = image.cores.map(({ number }) => number);
    const homes = homesOf(image);
    const { chip, lostPackets } = image;
    const lost = lostPackets && new LostSpikes(lostPackets, image, homes);
    const watched = { watch: watch?.network, loses: lost !== undefined };
    const clock = chip && new StepClock(chip, this.cores, numbers, watched);
    const exchange = new Exchange(image, this.cores, clock);
    const spikes = new SpikesOfStep(this.image);
    const counts = noCounts(this.image);
    const waiting = new WaitingOnCores(image, exchange.parts);
    this.#runner = new ListRunner({
      system: image,
      cores: this.cores,
      spikes,
      waiting,
      exchange,
      clock,
      counts,
      homes,
      lost,
      team,
      joint: this.#joint?.byJob ?? [],
    });
    this.#waiting = waiting;
    this.#parts = exchange.parts;
    this.#clock = clock;
    this.#lost = lost;
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
    this.#interval = intervalAt(this.image.epochs, epoch);
    for (const core of this.cores) core.setEpoch(epoch);
  }

  begin(sample: SampleStart): void {
    checkSample(this.image, sample);
    const { spikes, steps, learn, isReplay, place } = sample;
    if (spikes !== undefined)
      for (const neuron of spikes.indices.subarray(0, spikes.offsets[steps])) this.#checkInput(neuron);
    this.#sample = sample;
    this.#stepsDone = 0;
    this.#pending = [];
    if (isReplay !== true) this.#counts.samples += 1;
    this.#spikes.clear();
    this.#draw();
    this.#setScalar(labelScalar, sample.label);
    this.#setScalar(stepScalar, 0);
    const interval = this.#interval;
    this.#runner.run(this.image.lists.sample, { step: 0, steps, learn, isReplay, interval, place });
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
    const { steps, learn, spikes, isReplay, place } = this.#sample;
    if (step >= steps) refuseStep(steps);
    this.#stepsDone += 1;
    this.#counts.steps += 1;
    this.#draw();
    this.#setScalar(stepScalar, step);
    const known = spikes?.indices.subarray(spikes.offsets[step], spikes.offsets[step + 1]) ?? [];
    this.#spikes.turn(this.#pending.length === 0 ? known : [...known, ...this.#pending]);
    this.#pending = [];
    const interval = this.#interval;
    this.#runner.run(this.image.lists.tick, { step, steps, learn, isReplay, interval, place });
    this.#clock?.endStep();
    return this.#spikes.count;
  }

  /** A sample or a step begins: other cells flip, and other packets are lost. */
  #draw(): void {
    this.#lost?.draw();
    if (drawStates(this.image) > 0) for (const core of this.cores) core.drawFlips();
  }

  finish(): void {
    while (this.#stepsDone < this.#sample.steps) this.step();
  }

  spikesOf(population: number): readonly number[] {
    return Array.from(this.#spikes.spikesOf(population));
  }

  countSpikes(counts: readonly Float64Array[]): void {
    for (const [population, of] of counts.entries()) {
      const neurons = this.#spikes.spikesOf(population);
      for (let place = 0; place < neurons.length; place++) {
        const neuron = neurons[place] ?? 0;
        addAt(of, neuron, 1);
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
    if (this.#joint?.copied.has(field) === true) this.#loadJoint();
  }

  /** The counts of the whole program: each piece of work over all cores; those of the FIFO over all arrivals. */
  counters(): Counters {
    const counted = this.#countsOfCores();
    const network = this.#clock?.counts();
    const now = network === undefined ? counted : { ...counted, network };
    return this.#earlier === undefined ? now : addCounts(this.#earlier, now);
  }

  #countsOfCores(): Counters {
    const sum = noCounts(this.image);
    setCounts(sum, this.#counts);
    let flips = 0;
    for (const [index, core] of this.cores.entries()) {
      const wholes = at(this.image.cores, index).work;
      const counted = core.counters();
      for (const [piece, count] of counted.work.entries()) addRuns(tallyOf(sum, at(wholes, piece)), count);
      flips += counted.flips ?? 0;
    }
    return { ...copyCounts(sum), ...(drawStates(this.image) > 0 && { flips }) };
  }

  busyCycles(): number {
    const { costs } = this.image;
    const before = this.#earlier === undefined ? 0 : busyCycles(this.#earlier, costs);
    return before + busyCycles(this.#countsOfCores(), costs);
  }

  resetCounters(): void {
    resetCounts(this.#counts);
    this.#earlier = undefined;
    for (const core of this.cores) core.resetCounters();
    this.#clock?.reset();
  }

  /** The states of all cores, and where packets are lost, how many samples and steps have begun. */
  save(): CoreState {
    const own = this.#lost === undefined ? [] : [this.#lost.draws];
    return joinStates(
      this.cores.map((core) => core.save()),
      own,
    );
  }

  restore(state: CoreState): void {
    for (const [index, own] of statesOf(this.image, state).entries()) at(this.cores, index).restore(own);
    if (this.#lost !== undefined) this.#lost.draws = ownState(this.image, state);
    this.#waiting.read();
    this.#loadJoint();
  }

  /** The cores' synapses have been written. */
  #loadJoint(): void {
    for (const joint of this.#joint?.byJob ?? []) joint?.load();
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
function sharedCores({ cores }: SpreadImage): FastCore[] {
  return cores.map(({ image, number }) => new FastCore(image, { index: number, isShared: true }));
}
