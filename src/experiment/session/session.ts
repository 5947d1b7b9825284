import type { Chip, Host } from '../../chips/index.ts';
import type { Dataset } from '../../data/index.ts';
import { type CoreState, predict, replayOf, type SampleStart } from '../../engine/index.ts';
import { addCounts, type Counters, countsSince, noCounts } from '../../image/index.ts';
import {
  type Crew,
  type CrewWork,
  createMachine,
  type Machine,
  type MachineOptions,
} from '../../machine/index.ts';
import type { Cell } from '../description/index.ts';
import { Answers, type SampleOutcome } from './answers.ts';
import { checkData } from './check-data.ts';
import { EncodedSamples, type NextSteps, type SessionSample, sampleOf } from './encoded.ts';
import { createHost } from './host.ts';
import { countOf, indexOfStage, orderOf, type Stage, samplesIn, stagesOf } from './plan.ts';
import {
  bestEpoch,
  type EpochResult,
  type KeptState,
  type SessionMoment,
  type SessionState,
  type TestResult,
} from './state.ts';

export interface SessionOptions extends Omit<MachineOptions, 'crew'> {
  /** The stages to present; default: those of a run. */
  readonly stages?: readonly Stage[] | undefined;
  /** Chips that the cell may host; default: the chips bundled with Plasticore. */
  readonly chips?: readonly Chip[] | undefined;
  /** Threads that run a chip of many cores together; the present one alone if absent. */
  readonly crew?: Crew<CrewWork> | undefined;
  /** The data with more samples at the end of both sets: the host can be asked for them, and no stage presents them. */
  readonly hostData?: Dataset | undefined;
}

/**
 * A cell, its data, and the machine that learns them: everything that a run does, and where it stands. It presents the
 * samples of its stages one after the other, sample by sample with {@link next} or, without a host of a chip, step by
 * step with {@link step}. It can be left and continued after any sample, and between any two steps.
 */
export class Session {
  readonly cell: Cell;
  readonly data: Dataset;
  readonly stages: readonly Stage[];
  readonly machine: Machine;
  /** Presents single samples apart from the stages. */
  readonly host: Host;
  #index = 0;
  #order: Uint32Array = new Uint32Array();
  #done = 0;
  readonly #answers = new Answers();
  /** Counts of this stage from before the session was continued, and all counts when it went on with the stage. */
  #earlier: Counters;
  #before: Counters;
  /** The machine before a stage that leaves no trace. */
  #trained: CoreState | undefined;
  /** The machine as the best epoch left it, until it is tested. */
  #best: CoreState | undefined;
  #encoded: EncodedSamples | undefined;
  /** The presentation under way, or the next one, where it is known. */
  #presentation: SampleStart | undefined;
  #isUnderWay = false;

  /** @throws PlasticoreError `data` if the data do not fit the network, `usage` for an unknown engine */
  constructor(cell: Cell, data: Dataset, options: SessionOptions = {}) {
    const { stages = stagesOf(cell, data), chips, crew, hostData = data, ...machine } = options;
    checkData(cell, data, chips);
    this.cell = cell;
    this.data = data;
    this.stages = stages;
    this.machine = createMachine(cell.image, { ...machine, crew });
    this.host = createHost(cell, this.machine, hostData, chips, crew);
    this.#earlier = noCounts(cell.image);
    this.#before = this.#earlier;
    this.#enter(0, 0);
  }

  /** The stage that it is in. After all samples, the last one. */
  get stage(): Stage {
    const stage = this.stages[this.#index];
    if (stage === undefined) throw new Error('a session without stages');
    return stage;
  }

  /** Samples of the stage that are done, how many of them were answered correctly, and how many it has. */
  get done(): number {
    return this.#done;
  }
  get correct(): number {
    return this.#answers.correct;
  }
  get total(): number {
    return this.#order.length;
  }

  /** Whether all samples of the stage are done. */
  get isStageDone(): boolean {
    return this.#done === this.total;
  }

  /** Epochs that are complete. */
  get history(): readonly EpochResult[] {
    return this.#answers.history;
  }

  /** Tests after the stages of a life, up to the present one if it is a test whose samples are done. */
  get tests(): readonly TestResult[] {
    return this.isStageDone ? this.#answers.testsAfter(this.stage) : this.#answers.tests;
  }

  /** Samples of all stages, and those of them that are done. */
  get samplesInAll(): number {
    return samplesIn(this.stages, this.data);
  }
  get samplesDone(): number {
    return samplesIn(this.stages.slice(0, this.#index), this.data) + this.#done;
  }

  /** The counts of the stage. */
  counters(): Counters {
    return addCounts(this.#earlier, countsSince(this.#before, this.host.counters()));
  }

  /** Lets the machine count from 0 again at the start of a stage, so that its own counters are those of the stage. */
  resetCounters(): void {
    this.host.resetCounters();
    this.#before = noCounts(this.cell.image);
  }

  /**
   * Presents the next sample, of the next stage if this one is done. No sample is under way.
   *
   * @param observe called after each step of a sample that is not learned, or whenever a chip's host has something to
   * record
   * @returns undefined if all samples are done
   */
  next(observe?: () => void): SampleOutcome | undefined {
    const sample = this.#findSample();
    if (sample === undefined) return undefined;
    this.#forget();
    if (this.stage.leavesNoTrace) this.#trained ??= this.machine.save();
    return this.#passed(sample, this.#ask(sample, observe));
  }

  /** Hands a sample of the stage to the host. */
  #ask({ sample, learn, from, augment, place }: SessionSample, observe: (() => void) | undefined): number {
    if (from === 'test') return this.host.ask(sample, observe);
    const { epoch } = this.stage;
    const how = { augment, place };
    if (learn) return this.host.learn(sample, epoch, how);
    if (this.host.meet === undefined) throw new Error('the host presents samples for training to learn them');
    return this.host.meet(sample, epoch, how);
  }

  /** The time steps that come next; undefined if all samples are done. Spikes are valid until the session goes on. */
  upcoming(): NextSteps | undefined {
    const sample = this.#findSample();
    if (sample === undefined) return undefined;
    this.#encoded ??= new EncodedSamples(this.cell, this.data);
    this.#presentation ??= this.#encoded.start(sample);
    const stepsDone = this.#isUnderWay ? this.machine.stepsDone : 0;
    return { ...sample, start: this.#presentation, stepsDone };
  }

  /** Runs the next time step, of the next sample if none is under way. */
  step(): void {
    const presentation = this.#present();
    this.machine.step();
    if (this.machine.stepsDone === presentation.steps) this.#answer(presentation);
  }

  /** Runs the steps that are left of a presentation, all of the next one if none is under way. */
  finish(): void {
    const presentation = this.#present();
    this.machine.finish();
    this.#answer(presentation);
  }

  /** The samples that are not done, in their order. */
  *ahead(): Generator<SessionSample> {
    for (const [offset, stage] of this.stages.slice(this.#index).entries()) {
      const order = offset === 0 ? this.#order : orderOf(stage, this.data, this.cell.image.seed);
      for (let place = offset === 0 ? this.#done : 0; place < order.length; place++)
        yield sampleOf(order, place, stage, this.data);
    }
  }

  /**
   * Leaves a stage whose samples are done, and enters the one that follows.
   *
   * @returns false, and does nothing, if it was the last
   */
  enterNext(): boolean {
    if (this.#index + 1 === this.stages.length) return false;
    const { part, epoch } = this.stage;
    this.#answers.leave(this.stage, this.total, () => this.counters());
    if (this.#trained !== undefined) this.machine.restore(this.#trained);
    if (part === 'validate' && this.#choosesEpoch && bestEpoch(this.history) === epoch)
      this.#best = this.#trained;
    this.#trained = undefined;
    this.#earlier = noCounts(this.cell.image);
    this.#before = this.host.counters();
    this.#enter(this.#index + 1, 0);
    if (this.stage.part === 'score' && this.#best !== undefined) {
      this.machine.restore(this.#best);
      this.#best = undefined;
    }
    return true;
  }

  /** The state from which a session of the same cell, data and stages continues, between two samples. */
  state(): SessionState {
    const { part, epoch } = this.stage;
    return {
      part,
      epoch,
      done: this.#done,
      correct: this.correct,
      core: this.machine.save(),
      trained: this.#trained,
      counters: this.counters(),
      history: this.history,
      ...(this.#best !== undefined && { best: this.#best }),
      ...(this.cell.life !== undefined && { life: this.#answers.life }),
    };
  }

  /** Continues from a state, which has been checked. */
  restore(state: SessionState): void {
    this.machine.restore(state.core);
    this.#before = this.host.counters();
    this.#best = state.best;
    this.#answers.history = state.history;
    this.#enter(indexOfStage(this.stages, state), state.done);
    this.#answers.restore(state);
    this.#trained = state.trained;
    this.#earlier = state.counters;
  }

  /**
   * A state from which steps can be run again, to be kept after every so many samples; undefined where none is due. A
   * stage that leaves no trace is not counted, and has none.
   */
  kept(every: number): KeptState | undefined {
    const before = this.stages.slice(0, this.#index).filter(({ leavesNoTrace }) => !leavesNoTrace);
    const samples = samplesIn(before, this.data) + this.#done;
    if (this.stage.leavesNoTrace || samples % every !== 0) return undefined;
    const earlier = this.history.reduce((sum, { counters }) => sum + counters.steps, 0);
    return { samples, steps: earlier + this.counters().steps, core: this.machine.save() };
  }

  /** Continues from a state that was kept. Earlier counts are not known. */
  restoreKept({ samples, core }: Pick<KeptState, 'samples' | 'core'>): void {
    this.machine.restore(core);
    this.#goTo(samples);
  }

  /** Where it stands between two time steps. */
  moment(): SessionMoment {
    const checkpoint = this.machine.checkpoint();
    // The encoder will use the room of these spikes again.
    return structuredClone({
      samples: this.samplesDone,
      presentation: this.#presentation,
      isUnderWay: this.#isUnderWay,
      checkpoint,
    });
  }

  /** Continues from a moment of another session of the same stages, which may be on the other engine. */
  resume({ samples, presentation, isUnderWay, checkpoint }: SessionMoment): void {
    this.machine.resume(checkpoint);
    this.#goTo(samples);
    this.#presentation = presentation;
    this.#isUnderWay = isUnderWay;
  }

  #goTo(samples: number): void {
    let [index, done] = [0, samples];
    for (const stage of this.stages.slice(0, -1)) {
      const count = countOf(stage, this.data);
      if (done < count) break;
      index += 1;
      done -= count;
    }
    this.#before = this.host.counters();
    this.#enter(index, done);
  }

  #enter(index: number, done: number): void {
    this.#index = index;
    this.#done = done;
    this.#answers.enter(this.stage);
    this.#forget();
    this.#order = orderOf(this.stage, this.data, this.cell.image.seed);
    const isScored = this.stage.part === 'score' && this.#choosesEpoch;
    this.machine.setEpoch((isScored ? bestEpoch(this.history) : undefined) ?? this.stage.parameters);
  }

  /** Whether the epoch that is best on a validation split is tested, in place of the last one. */
  get #choosesEpoch(): boolean {
    return this.data.validationFrom !== undefined;
  }

  #forget(): void {
    this.#presentation = undefined;
    this.#isUnderWay = false;
  }

  /** The sample that is under way, or the next one, in the next stage that has one. */
  #findSample(): SessionSample | undefined {
    while (this.isStageDone) if (!this.enterNext()) return undefined;
    return sampleOf(this.#order, this.#done, this.stage, this.data);
  }

  #passed({ sample, label }: SessionSample, answer: number): SampleOutcome {
    const isRight = answer === label;
    this.#done += 1;
    if (isRight) this.#answers.count(sample, this.stage);
    return { isRight, answer };
  }

  /** The presentation that is under way, or the next one, which then begins. */
  #present(): SampleStart {
    const start = this.upcoming()?.start;
    if (start === undefined) throw new Error('no sample is left');
    if (!this.#isUnderWay) this.machine.begin(start);
    this.#isUnderWay = true;
    return start;
  }

  /** After the last step of a presentation: the sample is presented again, or has its answer. */
  #answer(presentation: SampleStart): void {
    this.#isUnderWay = false;
    this.#presentation = replayOf(this.machine, presentation);
    if (this.#presentation !== undefined) return;
    const sample = this.#findSample();
    if (sample !== undefined) this.#passed(sample, predict(this.machine));
  }
}
