import type { Chip } from '../../chips/index.ts';
import { type Dataset, stratifiedPrefix } from '../../data/index.ts';
import type { Counters } from '../../image/index.ts';
import type { Crew, CrewWork, Machine } from '../../machine/index.ts';
import { type Cell, type Life, passesOf } from '../description/index.ts';
import {
  type EpochResult,
  type KeptState,
  Session,
  type SessionState,
  type TestResult,
  withValidation,
} from '../session/index.ts';
import { Pace, type Progress, Speed } from './pace.ts';
import {
  MembraneUpdates,
  noPlan,
  Recorder,
  type Recording,
  type RecordingPlan,
  recordedSamples,
} from './recording.ts';

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
  /** Of a life: the results of the test after each stage. */
  readonly tests?: readonly TestResult[] | undefined;
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
  /** Time steps of all scored samples, where the host of a chip counts them in its own way. */
  readonly steps?: number | undefined;
  /** The caution of a chip's host about how fast samples run. */
  readonly remark?: string | undefined;
  /** In its state at the end of the run. */
  readonly machine: Machine;
  /** Samples per second in this process. Work done before an interruption does not count. */
  readonly speed: { readonly train: number; readonly test: number };
}

/**
 * At most `limit` samples of each part of a data set, stratified; all samples without a limit. In a life it is each
 * stage that takes so many, of all samples.
 */
export function limitData(data: Dataset, limit: number | undefined, life?: Life | undefined): Dataset {
  if (limit === undefined || life !== undefined) return data;
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
  return new Run(cell, data, options).complete();
}

class Run {
  readonly #session: Session;
  readonly #options: RunOptions;
  readonly #pace: Pace;
  readonly #speed = { train: new Speed(), test: new Speed() };
  readonly #predictions: number[];
  readonly #scores: number[];
  readonly #neuronSpikes: Float64Array[];
  readonly #recorder: Recorder;
  readonly #membranes: MembraneUpdates | undefined;

  constructor(cell: Cell, data: Dataset, options: RunOptions) {
    const { engine, chips, crew, from } = options;
    this.#options = options;
    this.#session = new Session(cell, data, { engine, chips, crew });
    const { machine } = this.#session;
    this.#pace = new Pace(options.checkpointSeconds ?? 60);
    this.#predictions = [...(from?.predictions ?? [])];
    this.#scores = [...(from?.scores ?? [])];
    const spikes = from?.neuronSpikes ?? cell.image.populations.map(({ size }) => new Float64Array(size));
    this.#neuronSpikes = spikes.map((counts) => counts.slice());
    this.#recorder = new Recorder(machine, options.record ?? noPlan, from?.recording);
    if (options.neurobench === true) this.#membranes = new MembraneUpdates(machine, from?.membraneUpdates);
    if (from !== undefined) this.#session.restore(from);
  }

  async complete(): Promise<RunResult> {
    const session = this.#session;
    const { train, test } = this.#speed;
    let isLeft = true;
    while (isLeft) {
      await this.#completeStage(session.stage.part === 'train' ? train : test);
      // The last stage is never left, and its counts are those of the result.
      isLeft = session.enterNext();
      if (isLeft) session.resetCounters();
      this.#options.onCheckpoint?.(this.#state());
    }
    const { history, correct, cell } = session;
    return {
      history:
        cell.validation === undefined || cell.life !== undefined ? history : withValidation(history, correct),
      ...(cell.life !== undefined && { tests: session.tests }),
      scored: {
        correct,
        counters: session.counters(),
        predictions: this.#predictions,
        scores: this.#scores,
        membraneUpdates: this.#membranes?.counts,
        neuronSpikes: this.#neuronSpikes,
      },
      recording: this.#recorder.recording,
      remark: session.host.remark,
      ...(session.host.steps !== undefined && { steps: session.host.steps * session.total }),
      machine: session.machine,
      speed: { train: train.perSecond, test: test.perSecond },
    };
  }

  async #completeStage(speed: Speed): Promise<void> {
    const session = this.#session;
    const { keepStates } = this.#options;
    const isScored = session.stage.part === 'score';
    speed.start();
    while (!session.isStageDone) {
      if (isScored) this.#score();
      else session.next();
      const kept = keepStates && session.kept(keepStates.every);
      if (kept !== undefined) keepStates?.keep(kept);
      speed.count();
      if (this.#pace.isDue()) await this.#turn(speed);
    }
    speed.stop();
    this.#report(speed);
  }

  /** Presents a sample of those scored at the end, and keeps what is told of them. */
  #score(): void {
    const { done, cell, machine } = this.#session;
    const isRecorded = done < recordedSamples;
    if (isRecorded) this.#recorder.sample();
    this.#membranes?.begin();
    const presented = this.#session.next(() => this.#observe(isRecorded));
    if (presented === undefined) return;
    this.#predictions.push(presented.answer);
    if (hasScores(cell)) for (const score of machine.read(cell.image.readout)) this.#scores.push(score);
  }

  #observe(isRecorded: boolean): void {
    const { host, machine } = this.#session;
    if (host.countSpikes === undefined) machine.countSpikes(this.#neuronSpikes);
    else host.countSpikes(this.#neuronSpikes);
    if (isRecorded) this.#recorder.step();
    this.#membranes?.step();
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

  #report({ perSecond }: Speed): void {
    const { stage, done, total, correct, cell, data, samplesDone, samplesInAll } = this.#session;
    const isValidated =
      cell.validation !== undefined || (stage.part === 'validate' && cell.selection !== undefined);
    const scoring = isValidated ? 'validation' : 'test';
    this.#options.onProgress?.({
      phase: stage.part === 'train' ? 'train' : scoring,
      epoch: stage.epoch,
      epochs: passesOf(cell),
      done,
      total,
      runDone: samplesDone,
      runTotal: samplesInAll,
      accuracy: data.test.classes === 0 ? undefined : done === 0 ? 0 : correct / done,
      samplesPerSecond: perSecond,
      secondsLeft: (samplesInAll - samplesDone) / Math.max(perSecond, Number.MIN_VALUE),
    });
  }

  #state(): RunState {
    return {
      ...this.#session.state(),
      predictions: this.#predictions,
      scores: this.#scores,
      membraneUpdates: this.#membranes?.counts,
      neuronSpikes: this.#neuronSpikes,
      recording: this.#recorder.recording,
    };
  }
}

/** The state of a run between two samples, sufficient to resume it. Stored in a checkpoint. */
export interface RunState extends SessionState {
  /** Answers on the samples scored at the end, in their order. */
  readonly predictions: readonly number[];
  /** The items of the readout for each of them, one after the other: see {@link hasScores}. */
  readonly scores: readonly number[];
  /** Steps in which neurons changed their potentials so far, by population, if they are counted. */
  readonly membraneUpdates: readonly number[] | undefined;
  /** Spikes of each neuron on these samples so far, by population. */
  readonly neuronSpikes: readonly Float64Array[];
  readonly recording: Recording;
}

/** A table of the scores of more classes would be of no use, and takes memory for each sample. */
const mostScores = 1024;

/**
 * Whether the scores of all classes are kept: answers are the largest item of a readout, and it has not too many. The
 * host of a chip answers in its own way.
 */
export function hasScores({ chip, image }: Pick<Cell, 'chip' | 'image'>): boolean {
  const { count = 0 } = image.fields[image.readout] ?? {};
  return chip === undefined && count > 0 && count <= mostScores;
}
