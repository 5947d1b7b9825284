import type { Experiment } from '../../experiment/index.ts';
import { type SearchRound, type StudyReport, violationOf } from '../../report/index.ts';
import type { Find } from '../../text/index.ts';
import { type Constraint, costsOf, isAboutAccuracy } from '../pricing/index.ts';
import type { CellsProgress } from '../runs/runner.ts';
import type { Answer, DesignRequest, Search } from '../search/index.ts';
import type { Choice, Space, SpaceDesign } from '../space/index.ts';
import {
  type Candidate,
  candidateOf,
  intervalsOf,
  isEvaluated,
  priceCandidate,
  studyCells,
} from './candidate.ts';
import { type CommonChoice, DesignLoader } from './design-loader.ts';
import { type RunStore, type StudyRunOptions, throwCommonFault } from './node-run-store.ts';
import { listedDesigns, nearFront, type SearchGoals } from './sure-front.ts';
import { type Trial, Trials } from './trials.ts';

/** What is studied. */
export interface StudySubject {
  readonly experiment: Experiment;
  readonly space: Space;
  /** Options that apply to all designs. */
  readonly common: CommonChoice;
  readonly find: Find;
  /** Without objectives, no design is on a front. */
  readonly goals: SearchGoals;
  readonly seeds: readonly number[];
  /** Whether designs that do the same share runs; else each has runs of its own, as the cells of a sweep. */
  readonly sharesRuns: boolean;
  readonly search: Pick<StudyReport['search'], 'name' | 'seed' | 'designs'>;
}

/** A study of designs: those that a search asks for, run and priced. */
export class Study {
  readonly #subject: StudySubject;
  readonly #store: RunStore;
  readonly #trials: Trials;
  readonly #candidates = new Map<string, Candidate>();
  readonly #rounds: SearchRound[] = [];
  /** The samples that a run learns from in a pass. */
  readonly #perPass: number;

  constructor(subject: StudySubject, store: RunStore, perPass = 0) {
    this.#subject = subject;
    this.#store = store;
    this.#perPass = perPass;
    this.#trials = trialsOf(subject);
  }

  /** Designs with figures, or a reason why not. */
  get known(): number {
    return [...this.#candidates.values()].filter(isEvaluated).length;
  }

  /** Runs that are done. */
  get runs(): number {
    return this.#trials.runs;
  }

  /** A design that the study has looked at. */
  designNamed(name: string): SpaceDesign {
    const candidate = this.#candidates.get(name);
    if (candidate === undefined) throw new Error(`no design ${name}`);
    return candidate.design;
  }

  /**
   * Answers a search until it ends, then completes what it has found: further choices, and further seeds of the designs
   * near the front.
   *
   * @param asked its first request
   */
  async answer(
    search: Search,
    asked: ReturnType<Search['next']>,
    around: readonly Choice[],
    options: StudyRunOptions,
  ): Promise<void> {
    let hasAllSeeds = false;
    for (let next = asked; next.done !== true; ) {
      hasAllSeeds ||= next.value.seeds === 'all';
      next = search.next(await this.#try(next.value, options));
    }
    if (around.length > 0) await this.#try({ choices: around, share: 1 }, options);
    if (!hasAllSeeds) await this.#repeat(options);
  }

  /** Makes the runs of some designs, and says what they are worth. */
  async #try({ choices, share, seeds: asked }: DesignRequest, options: StudyRunOptions): Promise<Answer[]> {
    const { space, goals, search } = this.#subject;
    const trials = share === 1 ? this.#trials : trialsOf(this.#subject, limitOf(share, this.#perPass));
    // Few samples do not say which accuracy a design reaches.
    const constraints = goals.constraints.filter((one) => share === 1 || !isAboutAccuracy(one));
    const candidates = choices.map((choice) => {
      const design = space.designAt(choice);
      const candidate = (share === 1 && this.#candidates.get(design.name)) || candidateOf(design, trials);
      if (share === 1) this.#candidates.set(design.name, candidate);
      return candidate;
    });
    const before = trials.runs;
    const seeds = this.#subject.seeds.slice(0, asked === 'all' ? undefined : 1);
    await this.#complete(candidates, { trials, seeds, constraints }, options);
    if (search.name === 'forecast')
      this.#rounds.push({
        limit: limitOf(share, this.#perPass),
        designs: choices.length,
        runs: trials.runs - before,
        ...(asked === 'all' && { seeds: seeds.length }),
      });
    return candidates.map(({ figures, fault, refusal }) => {
      if (figures === undefined || fault !== undefined) return {};
      if (refusal === undefined) return { costs: costsOf(figures.figures, goals.objectives) };
      return refusal.misses === undefined ? {} : { violation: violationOf(refusal.misses) };
    });
  }

  /**
   * Runs further seeds of the designs near the front. What they tell of the spread over seeds may bring others near it,
   * until all designs that may be on the front have run with all seeds.
   */
  async #repeat(options: StudyRunOptions): Promise<void> {
    const { seeds, goals } = this.#subject;
    if (seeds.length === 1) return;
    const all = [...this.#candidates.values()];
    for (;;) {
      const near = new Set(nearFront(all, goals).map(({ trial }) => trial));
      const left = all.filter(
        (one) => near.has(one.trial) && one.seeds < seeds.length && one.fault === undefined,
      );
      if (left.length === 0) return;
      const { constraints } = goals;
      await this.#complete(left, { trials: this.#trials, seeds, constraints }, options);
    }
  }

  /** Makes the runs of some candidates with some seeds, and prices them. */
  async #complete(
    candidates: readonly Candidate[],
    {
      trials,
      seeds,
      constraints,
    }: {
      readonly trials: Trials;
      readonly seeds: readonly number[];
      readonly constraints: readonly Constraint[];
    },
    options: StudyRunOptions,
  ): Promise<void> {
    const wanted: ReadonlySet<Trial> = new Set(candidates.flatMap(({ trial }) => trial ?? []));
    try {
      if (!this.#subject.sharesRuns) {
        // Each cell of a sweep is listed with its reason, unless all have one before any runs.
        await this.#store.identify(wanted, options.stop);
        throwCommonFault(candidates.map(({ fault, trial }) => fault ?? trial?.failure));
      }
      await this.#store.complete(wanted, seeds, options);
    } finally {
      // Even if the time is up, designs whose runs are done have figures.
      const goals = { objectives: this.#subject.goals.objectives, constraints };
      for (const candidate of candidates) priceCandidate(candidate, trials, goals);
    }
  }

  /**
   * The result so far.
   *
   * @throws PlasticoreError for a fault that all designs of a search have
   */
  report(): StudyReport {
    const { experiment, space, common, goals, seeds, sharesRuns, search } = this.#subject;
    const all = [...this.#candidates.values()];
    if (!sharesRuns) for (const candidate of all) priceCandidate(candidate, this.#trials, goals);
    const candidates = sharesRuns ? all.filter(isEvaluated) : all;
    if (sharesRuns) throwCommonFault(candidates.map(({ fault }) => fault));
    const designs = listedDesigns(
      candidates,
      goals,
      ({ seeds: known }) => sharesRuns || known >= seeds.length,
    );
    return {
      schema: 'plasticore/study/1',
      experiment: experiment.spec.name,
      scoredOn: common.validate === undefined ? 'test' : 'validation',
      axes: space.axes.map(({ name, path, values }) => ({ name, path, values })),
      objectives: goals.objectives,
      constraints: goals.constraints.map(({ formula }) => formula),
      search: { ...search, ...(this.#rounds.length > 0 && { rounds: this.#rounds }) },
      seeds,
      runs: this.#trials.runs,
      intervals: intervalsOf(candidates),
      designs,
      front: designs.flatMap(({ name, onFront }) => (onFront ? [name] : [])),
      draws: goals.draws,
      ...(!sharesRuns && { cells: candidates.flatMap((candidate) => studyCells(candidate, seeds)) }),
    };
  }
}

/** @param limit of the samples, in place of the subject's own */
export function trialsOf(subject: StudySubject, limit = subject.common.limit): Trials {
  const { experiment, common, find, sharesRuns } = subject;
  return new Trials(new DesignLoader(experiment, { ...common, limit }, find), { sharesRuns });
}

/** The samples of a pass that takes a share of them. */
export function limitOf(share: number, perPass: number): number {
  return Math.max(1, Math.round(share * perPass));
}

/** The runs of a grid, and the samples of each. */
export interface GridSize {
  readonly runs: number;
  readonly samples: number;
}

/** The progress of some runs of a grid as that of the whole grid. */
export function ofWhole(part: CellsProgress, before: number, pace: GridSize | undefined): CellsProgress {
  const later = pace === undefined ? -1 : pace.runs - before - part.cells;
  if (pace === undefined || later < 0) return part;
  const { samplesPerSecond, secondsLeft } = part;
  const secondsLater = (later * pace.samples) / Math.max(samplesPerSecond, Number.MIN_VALUE);
  return {
    ...part,
    cellsDone: before + part.cellsDone,
    cells: pace.runs,
    done: before * pace.samples + part.done,
    total: part.total + (before + later) * pace.samples,
    secondsLeft: secondsLeft + secondsLater,
  };
}
