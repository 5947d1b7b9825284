import { energy, type Report, spread, time } from '../../src/report/index.ts';
import { accuracy, known, of, percent, table } from './common.ts';

/** What the table calls each experiment, in sequence and joint. */
const learners: Readonly<Record<string, string>> = {
  'lifetime-bundled': 'bundled rule',
  'lifetime-masked': 'errors masked to the task, rates / 16',
  'lifetime-metaplastic': 'synapses that grow firm',
  'lifetime-pools': 'class pools on pixels',
  'lifetime-edges': 'class pools behind edges',
};

/** The table of each data set, by what its runs call it. */
const tableOf: Readonly<Record<string, string>> = {
  'mnist-embedded': 'lifetime',
  mnist: 'lifetimeMnist',
  'fashion-mnist': 'lifetimeFashion',
};

const precisions = ['mp16-8', 'mp8-8', 'mp16-4', 'mp8-4'];

/** The tables of lives: classes two at a time, and all together; and new speakers. */
export function lifetimeTables(reports: readonly Report[]): Record<string, string> {
  const speakers = speakersTable(reports, 'lifetime-speakers');
  const behindDelays = speakersTable(reports, 'lifetime-speakers-delays');
  const few = fewTable(reports);
  return {
    ...Object.fromEntries(
      Object.entries(tableOf).flatMap(([data, name]) => {
        const own = reports.filter(({ provenance }) => provenance.data.name === data);
        return own.length === 0 ? [] : [[name, lifetimeTable(own)]];
      }),
    ),
    ...(speakers !== undefined && { lifetimeSpeakers: speakers }),
    ...(behindDelays !== undefined && { lifetimeSpeakersDelays: behindDelays }),
    ...(few !== undefined && { lifetimeFew: few }),
  };
}

/** A new speaker: accuracies on this one and on those known before, after each stage; a row for each, and for all. */
function speakersTable(reports: readonly Report[], experiment: string): string | undefined {
  const lives = precisions.flatMap((precision) => of(reports, experiment, precision));
  const [first] = lives.flatMap(({ life }) => life ?? []);
  if (first === undefined) return undefined;
  const meanOf = (values: readonly (number | null | undefined)[]): number | null =>
    spread(values.flatMap((value) => value ?? [])).mean;
  const strangers = [...new Set(lives.map(strangerOf))].sort();
  const own = (stranger: string) => lives.filter((report) => strangerOf(report) === stranger);
  const groups = [
    ...strangers.map((stranger) => [`speaker ${stranger}`, own(stranger)] as const),
    ['all of these', lives] as const,
  ];
  const stages = first.stages.map(({ name }, stage) => ({ name, stage }));
  const cellOf = (runs: readonly Report[], stage: number): string => {
    const tests = runs.flatMap(({ life }) => life?.tests.filter((test) => test.stage === stage) ?? []);
    const [known, stranger] = [0, 1].map((task) => meanOf(tests.map(({ byTask }) => byTask[task])));
    return `${percent(stranger ?? null, 1)} / ${percent(known ?? null, 1)}`;
  };
  const ofSample = (runs: readonly Report[]) =>
    runs.flatMap(({ life }) => life?.stages.slice(2).flatMap(({ perSample }) => perSample ?? []) ?? []);
  return table(
    ['new / known, %', ...stages.map(({ name }) => name), 'runs', 'energy, a sample', 'time, a sample'],
    groups.map(([label, runs]) => [
      label,
      ...stages.map(({ stage }) => cellOf(runs, stage)),
      String(runs.length),
      energy(meanOf(ofSample(runs).map(({ energyPj }) => energyPj)) ?? Number.NaN),
      time(meanOf(ofSample(runs).map(({ latencyNs }) => latencyNs)) ?? Number.NaN),
    ]),
  );
}

/** Who the new speaker of a run is: those of its last stage. */
function strangerOf(report: Report): string {
  return lastStageOf(report)?.speakers?.join(', ') ?? '';
}

interface WrittenStage {
  readonly speakers?: readonly number[];
  readonly classes?: readonly number[];
}

function lastStageOf({ provenance: { life = '{}' } }: Report): WrittenStage | undefined {
  const { stages = [] } = JSON.parse(life) as { readonly stages?: readonly WrittenStage[] };
  return stages.at(-1);
}

/** Two new classes after eight, on MNIST: each pair, and all of them. */
function fewTable(reports: readonly Report[]): string | undefined {
  const own = reports.filter(({ provenance }) => provenance.data.name === 'mnist');
  const lives = of(own, 'lifetime-few', 'mp16-8');
  const pairs = [...new Set(lives.map((life) => lastStageOf(life)?.classes?.join(' and ') ?? ''))].sort();
  if (pairs.length === 0) return undefined;
  const around = (values: readonly (number | null | undefined)[]): string => {
    const { n, mean, standardDeviation } = spread(values.flatMap((value) => value ?? []));
    return `${percent(mean, 1)} ± ${percent(standardDeviation, 1)} (${n})`;
  };
  const rowOf = (label: string, runs: readonly Report[]): string[] => {
    const last = runs.map(({ life }) => life?.tests.at(-1));
    const costs = runs.flatMap(({ life }) => life?.stages.at(-1)?.perClass ?? []);
    return [
      label,
      around(last.map((test) => test?.new)),
      around(last.map((test) => test?.old)),
      energy(spread(costs.map(({ energyPj }) => known(energyPj))).mean ?? Number.NaN),
      time(spread(costs.map(({ latencyNs }) => latencyNs)).mean ?? Number.NaN),
    ];
  };
  const isOf = (pair: string) => (life: Report) => lastStageOf(life)?.classes?.join(' and ') === pair;
  return table(
    ['new digits', 'new, %', 'old, %', 'energy, a class', 'time, a class'],
    [...pairs.map((pair) => rowOf(pair, lives.filter(isOf(pair)))), rowOf('each pair', lives)],
  );
}

function lifetimeTable(reports: readonly Report[]): string {
  const rows = Object.entries(learners).flatMap(([experiment, label]) =>
    precisions.flatMap((precision) => {
      const lives = of(reports, experiment, precision).filter(({ life }) => life !== undefined);
      return [undefined, true].flatMap((joint) => {
        const same = lives.filter(({ life }) => life?.joint === joint);
        return same.length === 0 ? [] : [rowOf(`${label}, ${precision}${joint ? ', joint' : ''}`, same)];
      });
    }),
  );
  const head = [
    'test %',
    'after the last task',
    'forgetting',
    'over the stages',
    'energy, a class',
    'time, a class',
  ];
  return table([...head, 'updates, a sample'], rows);
}

function rowOf(label: string, lives: readonly Report[]): string[] {
  const around = (values: readonly (number | null | undefined)[]): string => {
    const { mean, standardDeviation } = spread(values.flatMap((value) => value ?? []));
    if (mean === null) return '-';
    return `${percent(mean)}${standardDeviation === null ? '' : ` ± ${percent(standardDeviation)}`}`;
  };
  const stages = lives.flatMap(({ life }) => life?.stages ?? []);
  const meanOf = (values: readonly number[]): number => spread(values).mean ?? Number.NaN;
  const classes = stages.flatMap(({ perClass }) => perClass ?? []);
  return [
    label,
    accuracy(lives, true),
    around(lives.map(({ life }) => life?.forgetting)),
    around(lives.map(({ life }) => life?.incrementalAccuracy)),
    energy(meanOf(classes.map(({ energyPj }) => known(energyPj)))),
    time(meanOf(classes.map(({ latencyNs }) => latencyNs))),
    Math.round(meanOf(stages.flatMap(({ perSample }) => perSample?.updates ?? [])))
      .toLocaleString('en')
      .replaceAll(',', ' '),
  ];
}
