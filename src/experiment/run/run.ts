import type { Chip, CrewWork, Host } from '../../chips/index.ts';
import type { SystemImage } from '../../compiler/index.ts';
import { type Crew, createMachine } from '../../cores/index.ts';
import { type Dataset, stratifiedPrefix } from '../../data/index.ts';
import type { Core, CoreState } from '../../engine/index.ts';
import { addCounts, type Counters, noCounts } from '../../image/index.ts';
import { permutation } from '../../random/index.ts';
import type { Cell } from '../description/index.ts';
import { createHost } from './host.ts';
import { MembraneUpdates } from './membrane-updates.ts';
import { Pace, type Progress, Speed } from './pace.ts';
import { Recorder } from './recorder.ts';
import { noPlan, type Recording, type RecordingPlan, recordedSamples } from './recording.ts';
import { checkData, hasScores, samplesDone, samplesInAll } from './samples.ts';
import type { EpochResult, KeptState, RunPart, RunState } from './state.ts';

export interface RunOptions {
  /** Name of an engine; the default engine if absent. */
  readonly engine?: string | undefined;
  readonly record?: RecordingPlan | undefined;
  /** Whether to count updates of potentials while scoring. */
  readonly neurobench?: boolean | undefined;
  /** Chips that the cell may host; default: the chips bundled with Plasticore. */
  readonly chips?: readonly Chip[] | undefined;
  /** Threads that run a chip of many cores together; the present one alone if absent. */
  readonly crew?: Crew<CrewWork> | undefined;
  /** State to resume from. */
  readonly from?: RunState | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called at the end of each epoch and of the test, every `checkpointSeconds`, and when the signal aborts. */
  readonly onCheckpoint?: ((state: RunState) => void) | undefined;
  /** Keeps a state after every so many samples, so that steps can be run again from there. */
  readonly keepStates?: { readonly every: number; keep(state: KeptState): void } | undefined;
  /** Default: 60. */
  readonly checkpointSeconds?: number | undefined;
  /** On abort, the run stops at the next yield, writes a checkpoint, and throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The result of a run. */
export interface RunResult {
  readonly history: readonly EpochResult[];
  /** On the test set, or on the validation split if the cell has one. */
  readonly scored: {
    readonly correct: number;
    readonly counters: Counters;
    readonly predictions: readonly number[];
    /** The items of the readout at the end of each sample, one after the other; none where they are not kept. */
    readonly scores: readonly number[];
    /** Steps in which neurons changed their potentials, by population, if they were counted. */
    readonly membraneUpdates: readonly number[] | undefined;
    /** Spikes of each neuron, by population. */
    readonly neuronSpikes: readonly Float64Array[];
  };
  readonly recording: Recording;
  /** What each core holds, where the host of a chip has made the cores. */
  readonly system?: SystemImage | undefined;
  /** The core in its state at the end of the run. */
  readonly engine: Core;
  /** Samples per second in this process. Work done before an interruption does not count. */
  readonly speed: { readonly train: number; readonly test: number };
}

/** At most `limit` samples of each part of a data set, stratified; all samples without a limit. */
export function limitData(data: Dataset, limit: number | undefined): Dataset {
  if (limit === undefined) return data;
  return {
    ...data,
    train: stratifiedPrefix(data.train, limit, 0),
    test: stratifiedPrefix(data.test, limit, 0),
  };
}

/**
 * Runs a cell: trains for its epochs, each in its own order, then tests once without learning. If a validation split is
 * held out, it replaces the test set and is also scored between epochs, without a trace in the core.
 *
 * Yields to the event loop about 20 times a second. A run that is interrupted and resumed from its checkpoint ends in
 * the same state, with the same counts, as an uninterrupted one.
 *
 * @param data already limited; `test` is the validation split if the cell has one
 * @throws PlasticoreError `data` if the data set does not fit the network; `run` for a NaN; the signal's reason
 */
export async function runCell(cell: Cell, data: Dataset, options: RunOptions = {}): Promise<RunResult> {
  checkData(cell, data, options.chips);
  return new Run(cell, data, options).complete();
}

class Run {
  readonly #cell: Cell;
  readonly #data: Dataset;
  readonly #options: RunOptions;
  readonly #engine: Core;
  readonly #pace: Pace;
  readonly #host: Host;
  readonly #speed = { train: new Speed(), test: new Speed() };
  #part: RunPart;
  #epoch = 0;
  #done = 0;
  #correct = 0;
  #trained: CoreState | undefined;
  /** Counts of this part from before the run was interrupted. */
  #earlier: Counters;
  #history: EpochResult[] = [];
  #predictions: number[] = [];
  #scores: number[] = [];
  #neuronSpikes: Float64Array[];
  readonly #recorder: Recorder;
  readonly #membranes: MembraneUpdates | undefined;

  constructor(cell: Cell, data: Dataset, options: RunOptions) {
    const { image } = cell;
    this.#cell = cell;
    this.#data = data;
    this.#options = options;
    this.#engine = createMachine(cell, { engine: options.engine, crew: options.crew });
    this.#pace = new Pace(options.checkpointSeconds ?? 60);
    this.#host = createHost(cell, this.#engine, data, options.chips, options.crew);
    this.#part = cell.epochs > 0 ? 'train' : 'score';
    this.#earlier = noCounts(image);
    this.#neuronSpikes = image.populations.map(({ size }) => new Float64Array(size));
    this.#recorder = new Recorder(this.#engine, options.record ?? noPlan, options.from?.recording);
    if (options.neurobench === true)
      this.#membranes = new MembraneUpdates(this.#engine, options.from?.membraneUpdates);
    if (options.from !== undefined) this.#restore(options.from);
  }

  async complete(): Promise<RunResult> {
    const { train, test } = this.#speed;
    while (this.#part !== 'score') {
      await (this.#part === 'train' ? this.#trainEpoch(train) : this.#validate(test));
    }
    await this.#score(test);
    return {
      history: this.#history,
      scored: {
        correct: this.#correct,
        counters: this.#counters(),
        predictions: this.#predictions,
        scores: this.#scores,
        membraneUpdates: this.#membranes?.counts,
        neuronSpikes: this.#neuronSpikes,
      },
      recording: this.#recorder.recording,
      ...(this.#host.system !== undefined && { system: this.#host.system }),
      engine: this.#engine,
      speed: { train: train.perSecond, test: test.perSecond },
    };
  }

  async #trainEpoch(speed: Speed): Promise<void> {
    const { train } = this.#data;
    const epoch = this.#epoch;
    const { seed } = this.#cell.image;
    const order = permutation(train.count, seed, epoch);
    this.#engine.setEpoch(epoch);
    speed.start();
    while (this.#done < train.count) {
      const sample = order[this.#done] ?? 0;
      const label = train.labels[sample] ?? 0;
      this.#correct += Number(this.#host.learn(sample, epoch) === label);
      this.#done += 1;
      this.#keepState(epoch * train.count);
      speed.count();
      if (this.#pace.isDue()) await this.#turn(speed);
    }
    speed.stop();
    const result = { epoch, samples: train.count, correct: this.#correct, counters: this.#counters() };
    this.#report(speed);
    this.#history.push(result);
    if (epoch + 1 === this.#cell.epochs) this.#startPart('score', epoch + 1);
    else if (this.#cell.validation === undefined) this.#startPart('train', epoch + 1);
    else this.#startPart('validate', epoch);
    this.#options.onCheckpoint?.(this.#state());
  }

  /** Scores the validation split between two epochs, then restores the core. */
  async #validate(speed: Speed): Promise<void> {
    const { test } = this.#data;
    this.#trained ??= this.#engine.save();
    this.#engine.setEpoch(this.#epoch);
    speed.start();
    while (this.#done < test.count) {
      this.#runTest(this.#done);
      speed.count();
      if (this.#pace.isDue()) await this.#turn(speed);
    }
    speed.stop();
    this.#report(speed);
    this.#keepValidation();
    this.#engine.restore(this.#trained);
    this.#trained = undefined;
    this.#startPart('train', this.#epoch + 1);
    this.#options.onCheckpoint?.(this.#state());
  }

  /** Scores the test set, or the validation split, at the end. */
  async #score(speed: Speed): Promise<void> {
    const { test } = this.#data;
    // A run resumed here has not trained the last epoch itself, so it sets the epoch explicitly.
    this.#engine.setEpoch(Math.max(0, this.#cell.epochs - 1));
    speed.start();
    while (this.#done < test.count) {
      const isRecorded = this.#done < recordedSamples;
      if (isRecorded) this.#recorder.sample();
      this.#membranes?.begin();
      this.#predictions.push(this.#runTest(this.#done, () => this.#observe(isRecorded)));
      if (hasScores(this.#cell))
        for (const score of this.#engine.read(this.#cell.image.readout)) this.#scores.push(score);
      this.#keepState(this.#cell.epochs * this.#data.train.count);
      speed.count();
      if (this.#pace.isDue()) await this.#turn(speed);
    }
    speed.stop();
    this.#report(speed);
    this.#options.onCheckpoint?.(this.#state());
    if (this.#cell.validation !== undefined) this.#keepValidation();
  }

  /**
   * Runs a sample of the test set or the validation split without learning, and counts whether the answer was correct.
   */
  #runTest(sample: number, observe?: () => void): number {
    const { test } = this.#data;
    const label = test.labels[sample] ?? 0;
    const prediction = this.#host.ask(sample, observe);
    this.#correct += Number(prediction === label);
    this.#done += 1;
    return prediction;
  }

  /** The scores belong to the epoch before. */
  #keepValidation(): void {
    const last = this.#history.pop();
    if (last !== undefined) this.#history.push({ ...last, validationCorrect: this.#correct });
  }

  #observe(isRecorded: boolean): void {
    if (this.#host.countSpikes === undefined) this.#engine.countSpikes(this.#neuronSpikes);
    else this.#host.countSpikes(this.#neuronSpikes);
    if (isRecorded) this.#recorder.step();
    this.#membranes?.step();
  }

  /** @param before samples of the parts before, but for validation */
  #keepState(before: number): void {
    const { keepStates } = this.#options;
    if (keepStates === undefined || (before + this.#done) % keepStates.every !== 0) return;
    const earlier = this.#history.reduce((sum, { counters }) => sum + counters.steps, 0);
    keepStates.keep({
      samples: before + this.#done,
      steps: earlier + this.#counters().steps,
      core: this.#engine.save(),
    });
  }

  #startPart(part: RunPart, epoch: number): void {
    this.#part = part;
    this.#epoch = epoch;
    this.#done = 0;
    this.#correct = 0;
    this.#earlier = noCounts(this.#cell.image);
    this.#host.resetCounters();
  }

  async #turn(speed: Speed): Promise<void> {
    this.#report(speed);
    await this.#pace.turn();
    const { signal, onCheckpoint } = this.#options;
    const isStopped = signal?.aborted === true;
    if (onCheckpoint !== undefined && (isStopped || this.#pace.isCheckpointDue()))
      onCheckpoint(this.#state());
    if (isStopped) throw signal.reason;
  }

  #report(speed: Speed): void {
    const { epochs, validation } = this.#cell;
    const { train, test } = this.#data;
    const part = this.#part;
    const at = { part, epoch: this.#epoch, done: this.#done };
    const runDone = samplesDone(this.#cell, this.#data, at);
    const runTotal = samplesInAll(this.#cell, this.#data);
    this.#options.onProgress?.({
      phase: part === 'train' ? 'train' : validation === undefined ? 'test' : 'validation',
      epoch: this.#epoch,
      epochs,
      done: this.#done,
      total: part === 'train' ? train.count : test.count,
      runDone,
      runTotal,
      accuracy: test.classes === 0 ? undefined : this.#done === 0 ? 0 : this.#correct / this.#done,
      samplesPerSecond: speed.perSecond,
      secondsLeft: (runTotal - runDone) / Math.max(speed.perSecond, Number.MIN_VALUE),
    });
  }

  #counters(): Counters {
    return addCounts(this.#earlier, this.#host.counters());
  }

  #state(): RunState {
    return {
      part: this.#part,
      epoch: this.#epoch,
      done: this.#done,
      correct: this.#correct,
      core: this.#engine.save(),
      trained: this.#trained,
      counters: this.#counters(),
      history: this.#history,
      predictions: this.#predictions,
      scores: this.#scores,
      membraneUpdates: this.#membranes?.counts,
      neuronSpikes: this.#neuronSpikes,
      recording: this.#recorder.recording,
    };
  }

  #restore(state: RunState): void {
    this.#part = state.part;
    this.#epoch = state.epoch;
    this.#trained = state.trained;
    this.#done = state.done;
    this.#correct = state.correct;
    this.#engine.restore(state.core);
    this.#earlier = state.counters;
    this.#history = [...state.history];
    this.#predictions = [...state.predictions];
    this.#scores = [...state.scores];
    this.#neuronSpikes = state.neuronSpikes.map((spikes) => spikes.slice());
  }
}
