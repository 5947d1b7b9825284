import { addCounts, type Counters, noCounts, type ProgramView } from '../image/index.ts';
import { at, type ValueOf } from '../text/index.ts';
import { shareOfPj } from './known.ts';
import { phaseReport } from './phase.ts';
import type { lifeSchema } from './schema-life.ts';
import type { fscilSchema } from './schema-parts.ts';
import { mean } from './statistics.ts';

export type LifeReport = ValueOf<typeof lifeSchema>;

/** The counts of each pass of a life, and the source of their prices. */
interface Passes {
  readonly image: ProgramView;
  readonly history: readonly { readonly counters: Counters }[];
}

type LifeCosts = LifeReport['stages'][number]['costs'];
type LifeTest = LifeReport['tests'][number];

/** The samples and answers of a life, from which its report is made. */
export interface LifeOutcome {
  readonly isJoint: boolean;
  readonly tasks: LifeReport['tasks'];
  readonly stages: readonly {
    readonly name: string;
    readonly isFrozen: boolean;
    readonly passes: number;
    readonly samples: number;
    /** Tasks, by index, of the part of the data that it presents. */
    readonly tasks: readonly number[];
    /** The labels of its samples, each once. */
    readonly classes: readonly number[];
  }[];
  readonly tests: readonly {
    readonly stage: number;
    readonly tasks: readonly number[];
    readonly samples: number;
    readonly correct: number;
    /** Right answers on each of its tasks. */
    readonly byTask: readonly number[];
  }[];
}

/** Makes the report of a life from its outcome and from what its passes have counted. */
export function lifeReport(
  { isJoint, tasks, stages, tests }: LifeOutcome,
  { image, history, bits }: Passes & { readonly bits: number },
): LifeReport {
  const taught = stages.map((stage) => (stage.isFrozen ? [] : stage.tasks));
  const met = stages.map((_, index) => new Set(stages.slice(0, index + 1).flatMap((stage) => stage.tasks)));
  const results = tests.map(({ stage, tasks: tested, samples, correct, byTask }): LifeTest => {
    const rightOf = (task: number): number | undefined => byTask[tested.indexOf(task)];
    const over = (chosen: readonly number[]): number | null => {
      const known = chosen.filter((task) => tested.includes(task));
      const all = known.reduce((sum, task) => sum + at(tasks, task).samples, 0);
      return all === 0 ? null : known.reduce((sum, task) => sum + (rightOf(task) ?? 0), 0) / all;
    };
    const before = [...new Set(taught.slice(0, Math.max(0, stage)).flat())];
    return {
      stage,
      accuracy: samples === 0 ? null : correct / samples,
      byTask: tasks.map((_, task) => over([task])),
      met: over([...(met[stage] ?? [])]),
      old: over(before),
      new: over((taught[stage] ?? []).filter((task) => !before.includes(task))),
    };
  });
  let classes = new Set<number>();
  const stageReports = stages.map((stage, index): LifeReport['stages'][number] => {
    const known = classes.size;
    if (!stage.isFrozen) classes = new Set([...classes, ...stage.classes]);
    const newClasses = classes.size - known;
    const costs = costsOf(passesOf(stages, index, history), image);
    return {
      name: stage.name,
      ...(stage.isFrozen && { frozen: true as const }),
      passes: stage.passes,
      samples: stage.samples,
      tasks: at(taught, index),
      newClasses,
      classes: classes.size,
      bitsPerClass: classes.size === 0 ? null : bits / classes.size,
      ...sharedOut(costs, stage.passes * stage.samples, newClasses),
    };
  });
  return {
    ...(isJoint && { joint: true as const }),
    tasks,
    stages: stageReports,
    tests: results,
    ...lifeMetrics(results, taught),
  };
}

/** The same life at other prices. */
export function repriceLife(life: LifeReport, { image, history }: Passes): LifeReport {
  return {
    ...life,
    stages: life.stages.map((stage, index) => {
      const costs = costsOf(passesOf(life.stages, index, history), image);
      return { ...stage, ...sharedOut(costs, stage.passes * stage.samples, stage.newClasses) };
    }),
  };
}

/** The passes of a stage, which follow those of the stages before it. */
function passesOf(
  stages: readonly { readonly passes: number }[],
  index: number,
  history: Passes['history'],
): Passes['history'] {
  const first = stages.slice(0, index).reduce((sum, { passes }) => sum + passes, 0);
  return history.slice(first, first + at(stages, index).passes);
}

function costsOf(passes: Passes['history'], image: ProgramView): LifeCosts {
  const counters = passes.reduce<Counters>((sum, pass) => addCounts(sum, pass.counters), noCounts(image));
  const {
    counters: counted,
    energyPj,
    latencyNs,
  } = phaseReport(image, { samples: 0, accuracy: null, counters });
  const { updates, sops, cycles } = counted;
  return { updates, sops, cycles, energyPj: energyPj.total, latencyNs };
}

function sharedOut(
  costs: LifeCosts,
  samples: number,
  classes: number,
): Pick<LifeReport['stages'][number], 'costs' | 'perSample' | 'perClass'> {
  const { updates, sops, cycles, energyPj, latencyNs } = costs;
  const over = (by: number): LifeCosts | null =>
    by === 0
      ? null
      : {
          updates: updates / by,
          sops: sops / by,
          cycles: cycles / by,
          energyPj: shareOfPj(energyPj, by),
          latencyNs: latencyNs / by,
        };
  return { costs, perSample: over(samples), perClass: over(classes) };
}

/** The figures of an accuracy matrix, in the order of tables, and what these call them. */
export const lifeMetricTitles = {
  averageAccuracy: 'average accuracy',
  incrementalAccuracy: 'average over stages',
  forgetting: 'forgetting',
  backwardTransfer: 'backward transfer',
  forwardTransfer: 'forward transfer',
} as const;
type LifeMetricName = keyof typeof lifeMetricTitles;
export const lifeMetricNames = Object.keys(lifeMetricTitles) as LifeMetricName[];
export type LifeMetrics = Pick<LifeReport, LifeMetricName>;

/**
 * The measures of a life that an accuracy matrix gives: see the descriptions in `lifeSchema`.
 *
 * @param tests in order; the last one is after the last stage
 * @param taught the tasks that each stage teaches
 */
export function lifeMetrics(
  tests: readonly Pick<LifeTest, 'stage' | 'byTask' | 'met'>[],
  taught: readonly (readonly number[])[],
): LifeMetrics {
  const last = at(tests, tests.length - 1);
  const accuracy = (stage: number, task: number): number | null =>
    tests.find((test) => test.stage === stage)?.byTask[task] ?? null;
  const tasks = [...last.byTask.keys()];
  const sinceOf = (task: number): number => taught.findIndex((those) => those.includes(task));
  const earlier = tasks.filter((task) => sinceOf(task) >= 0 && sinceOf(task) < last.stage);
  const meanOf = (values: readonly (number | null)[]): number | null =>
    mean(values.flatMap((value) => value ?? []));
  const minus = (one: number | null, other: number | null): number | null =>
    one === null || other === null ? null : one - other;
  const bestBefore = (task: number): number | null => {
    const known = tests
      .slice(0, -1)
      .flatMap(({ stage, byTask }) => (stage < sinceOf(task) ? [] : (byTask[task] ?? [])));
    return known.length === 0 ? null : Math.max(...known);
  };
  const later = tasks.filter((task) => sinceOf(task) > 0);
  return {
    averageAccuracy: meanOf(last.byTask),
    incrementalAccuracy: meanOf(tests.filter(({ stage }) => stage >= 0).map(({ met }) => met)),
    forgetting: meanOf(earlier.map((task) => minus(bestBefore(task), accuracy(last.stage, task)))),
    backwardTransfer: meanOf(
      earlier.map((task) => minus(accuracy(last.stage, task), accuracy(sinceOf(task), task))),
    ),
    forwardTransfer: meanOf(
      later.map((task) => minus(accuracy(sinceOf(task) - 1, task), accuracy(-1, task))),
    ),
  };
}

/** NeuroBench's figures of few-shot class-incremental learning; absent unless tests follow stages. */
export function incrementalFigures({ tests, incrementalAccuracy }: LifeReport): FscilFigures | undefined {
  const sessions = tests.flatMap(({ stage, met }) => (stage < 0 || met === null ? [] : [met]));
  const [base] = sessions;
  if (base === undefined || incrementalAccuracy === null) return undefined;
  return { Accuracy: sessions, Base: base, SessionAverage: incrementalAccuracy };
}

type FscilFigures = ValueOf<typeof fscilSchema>;
