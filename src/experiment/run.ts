import {
  createEncoder,
  type Dataset,
  type LabelledSet,
  type SpikeTrain,
  sampleValues,
  stratifiedPrefix,
} from '../dataset/index.ts';
import { createEngine, defaultEngine, type Engine, predict } from '../engine/index.ts';
import type { Counters } from '../hardware/index.ts';
import { noEpoch, permutation } from '../random/index.ts';
import { PlasticoreError } from '../source/index.ts';
import type { Cell } from './cell.ts';
import { addCounts, noCounts } from './counters.ts';
import { Pace, type Progress, Speed } from './pace.ts';
import {
  emptyRecording,
  type Recording,
  type RecordingPlan,
  recordedSamples,
  recordStep,
} from './recording.ts';
import type { EpochResult, RunState } from './state.ts';

export interface RunOptions {
  /** Name of an engine; the default one if absent. */
  readonly engine?: string | undefined;
  readonly record?: RecordingPlan | undefined;
  /** Where to go on from. */
  readonly from?: RunState | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called at the end of each epoch and of the test, every `checkpointSeconds`, and when the signal aborts. */
  readonly onCheckpoint?: ((state: RunState) => void) | undefined;
  /** 60 if absent. */
  readonly checkpointSeconds?: number | undefined;
  /** Ends the run at the next turn, after a checkpoint, by throwing the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a run came to. */
export interface RunResult {
  readonly history: readonly EpochResult[];
  readonly test: {
    readonly correct: number;
    readonly counters: Counters;
    readonly predictions: readonly number[];
    /** Spikes of each neuron on the test set, by population. */
    readonly neuronSpikes: readonly Float64Array[];
  };
  readonly recording: Recording;
  /** The core as the run left it. */
  readonly engine: Engine;
  /** Of this process alone: what an earlier, interrupted run did is not in it. */
  readonly speed: { readonly train: number; readonly test: number };
}

/** At most `limit` samples of each part of a data set, stratified; all of them without a limit. */
export function limitData(data: Dataset, limit: number | undefined): Dataset {
  if (limit === undefined) return data;
  return {
    ...data,
    train: stratifiedPrefix(data.train, limit, 0),
    test: stratifiedPrefix(data.test, limit, 0),
  };
}

/**
 * Runs a cell: epochs over the training set, each in its own order, then the test set once without learning.
 *
 * It gives the event loop a turn about 20 times a second. A run that is stopped and goes on from its checkpoint ends in
 * the same state and the same counts as one that was not.
 *
 * @param data already limited
 * @throws PlasticoreError `data` where the data set does not fit the network; `run` for a NaN; the signal's reason
 */
export async function runCell(cell: Cell, data: Dataset, options: RunOptions = {}): Promise<RunResult> {
  checkData(cell, data);
  return new Run(cell, data, options).complete();
}

class Run {
  readonly #cell: Cell;
  readonly #data: Dataset;
  readonly #options: RunOptions;
  readonly #engine: Engine;
  readonly #pace: Pace;
  readonly #encode: (set: LabelledSet, epoch: number, sample: number) => SpikeTrain;
  readonly #plan: RecordingPlan;
  #epoch = 0;
  #done = 0;
  #correct = 0;
  /** Counts of this epoch from before the run was stopped. */
  #earlier: Counters;
  #history: EpochResult[] = [];
  #predictions: number[] = [];
  #neuronSpikes: Float64Array[];
  #recording: Recording;

  constructor(cell: Cell, data: Dataset, options: RunOptions) {
    const { image } = cell;
    this.#cell = cell;
    this.#data = data;
    this.#options = options;
    this.#engine = createEngine(options.engine ?? defaultEngine, image);
    this.#pace = new Pace(options.checkpointSeconds ?? 60);
    const encoder = createEncoder(cell.encoder);
    this.#encode = (set, epoch, sample) =>
      encoder.encode(sampleValues(set, sample), { seed: image.seed, epoch, sample }, image.steps);
    this.#plan = options.record ?? { fields: [], populations: [] };
    this.#earlier = noCounts(image);
    this.#neuronSpikes = image.populations.map(({ size }) => new Float64Array(size));
    this.#recording = emptyRecording(this.#plan);
    if (options.from !== undefined) this.#restore(options.from);
  }

  async complete(): Promise<RunResult> {
    const train = new Speed();
    while (this.#epoch < this.#cell.epochs) await this.#trainEpoch(train);
    const trainSpeed = train.perSecond;
    const test = new Speed();
    await this.#test(test);
    return {
      history: this.#history,
      test: {
        correct: this.#correct,
        counters: this.#counters(),
        predictions: this.#predictions,
        neuronSpikes: this.#neuronSpikes,
      },
      recording: this.#recording,
      engine: this.#engine,
      speed: { train: trainSpeed, test: test.perSecond },
    };
  }

  async #trainEpoch(speed: Speed): Promise<void> {
    const { train } = this.#data;
    const epoch = this.#epoch;
    const order = permutation(train.count, this.#cell.image.seed, epoch);
    this.#engine.setEpoch(epoch);
    while (this.#done < train.count) {
      const sample = order[this.#done] ?? 0;
      const label = train.labels[sample] ?? 0;
      this.#engine.runSample(this.#encode(train, epoch, sample), { label, learn: true });
      this.#correct += Number(predict(this.#engine) === label);
      this.#done += 1;
      speed.count();
      if (this.#pace.isDue()) await this.#turn(train.count, speed);
    }
    const result = { epoch, samples: train.count, correct: this.#correct, counters: this.#counters() };
    this.#report(train.count, speed);
    this.#history.push(result);
    this.#startPart(epoch + 1);
    this.#options.onCheckpoint?.(this.#state());
  }

  async #test(speed: Speed): Promise<void> {
    const { test } = this.#data;
    while (this.#done < test.count) {
      const sample = this.#done;
      const label = test.labels[sample] ?? 0;
      const isRecorded = sample < recordedSamples;
      this.#engine.runSample(this.#encode(test, noEpoch, sample), {
        label,
        learn: false,
        observe: () => this.#observe(isRecorded),
      });
      const prediction = predict(this.#engine);
      this.#predictions.push(prediction);
      if (isRecorded) this.#recording.samples += 1;
      this.#correct += Number(prediction === label);
      this.#done += 1;
      speed.count();
      if (this.#pace.isDue()) await this.#turn(test.count, speed);
    }
    this.#report(test.count, speed);
    this.#options.onCheckpoint?.(this.#state());
  }

  #observe(isRecorded: boolean): void {
    for (const [population, spikes] of this.#neuronSpikes.entries()) {
      for (const neuron of this.#engine.spikesOf(population)) spikes[neuron] = (spikes[neuron] ?? 0) + 1;
    }
    if (isRecorded) recordStep(this.#engine, this.#plan, this.#recording);
  }

  /** A new epoch, or the test. */
  #startPart(epoch: number): void {
    this.#epoch = epoch;
    this.#done = 0;
    this.#correct = 0;
    this.#earlier = noCounts(this.#cell.image);
    this.#engine.resetCounters();
  }

  async #turn(total: number, speed: Speed): Promise<void> {
    this.#report(total, speed);
    await this.#pace.turn();
    const { signal, onCheckpoint } = this.#options;
    const isStopped = signal?.aborted === true;
    if (onCheckpoint !== undefined && (isStopped || this.#pace.isCheckpointDue()))
      onCheckpoint(this.#state());
    if (isStopped) throw signal.reason;
  }

  #report(total: number, speed: Speed): void {
    const { epochs } = this.#cell;
    const { train, test } = this.#data;
    const isTest = this.#epoch >= epochs;
    const left = total - this.#done + (isTest ? 0 : (epochs - this.#epoch - 1) * train.count + test.count);
    this.#options.onProgress?.({
      phase: isTest ? 'test' : 'train',
      epoch: this.#epoch,
      epochs,
      done: this.#done,
      total,
      accuracy: this.#done === 0 ? 0 : this.#correct / this.#done,
      samplesPerSecond: speed.perSecond,
      secondsLeft: left / Math.max(speed.perSecond, Number.MIN_VALUE),
    });
  }

  #counters(): Counters {
    return addCounts(this.#earlier, this.#engine.counters());
  }

  #state(): RunState {
    return {
      epoch: this.#epoch,
      done: this.#done,
      correct: this.#correct,
      core: this.#engine.save(),
      counters: this.#counters(),
      history: this.#history,
      predictions: this.#predictions,
      neuronSpikes: this.#neuronSpikes,
      recording: this.#recording,
    };
  }

  #restore(state: RunState): void {
    this.#epoch = state.epoch;
    this.#done = state.done;
    this.#correct = state.correct;
    this.#engine.restore(state.core);
    this.#earlier = state.counters;
    this.#history = [...state.history];
    this.#predictions = [...state.predictions];
    this.#neuronSpikes = state.neuronSpikes.map((spikes) => spikes.slice());
    this.#recording = structuredClone(state.recording);
  }
}

function checkData({ image }: Cell, { name, train }: Dataset): void {
  if (image.input < 0 || image.readout < 0) {
    throw new PlasticoreError(
      'data',
      `program '${image.program}' takes no samples: it has no input or no readout`,
    );
  }
  const inputs = image.populations[image.input];
  if (inputs?.size !== train.inputs) {
    throw new PlasticoreError(
      'data',
      `data set '${name}' has ${train.inputs} features a sample; population '${inputs?.name}' of '${image.program}' has ${inputs?.size} neurons`,
      { hint: 'they have to agree' },
    );
  }
  const readout = image.fields[image.readout];
  if (readout === undefined || readout.count < train.classes) {
    throw new PlasticoreError(
      'data',
      `data set '${name}' has ${train.classes} classes; the readout ${readout?.name} of '${image.program}' has ${readout?.count} items`,
    );
  }
}
