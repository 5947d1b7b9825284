import { energy, type Report, spread, time } from '../../src/report/index.ts';
import { accuracy, known, of, ofSeeds, percent, table } from './common.ts';

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

const dataNames: Readonly<Record<string, string>> = { 'mnist-embedded': '8 000 digits', mnist: 'MNIST' };

const precisions = ['mp16-8', 'mp8-8', 'mp16-4', 'mp8-4'];

/** The accuracies of lives: classes two at a time, and all together; and new speakers. */
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

/** What a class takes to learn, and a sample of a new speaker. */
export function lifeCostTables(reports: readonly Report[]): Record<string, string> {
  const rows = Object.keys(tableOf).flatMap((data) => {
    const own = reports.filter(({ provenance }) => provenance.data.name === data);
    return eachLife(own, precisions.slice(0, 2)).flatMap(({ label, lives, joint }) => {
      const [row, together] = [lives, joint].map((runs) => (runs.length === 0 ? [] : costsOfClasses(runs)));
      const name = `${dataNames[data] ?? data}: ${label}`;
      // In any order, pools do the same work: only the last digit of an energy may differ.
      const workOf = (costs: readonly string[] | undefined) => costs?.slice(1).join();
      const differs = together !== undefined && together.length > 0 && workOf(together) !== workOf(row);
      return [[name, ...(row ?? [])], ...(differs ? [[`${name}, in random order`, ...together]] : [])];
    });
  });
  const strangers = ['lifetime-speakers', 'lifetime-speakers-delays'].flatMap((experiment) => {
    const runs = reports.filter(({ provenance }) => provenance.experiment === experiment);
    const samples = runs.flatMap(
      ({ life }) => life?.stages.slice(2).flatMap(({ perSample }) => perSample ?? []) ?? [],
    );
    if (samples.length === 0) return [];
    return [[experiment, energy(meanOf(samples.map(energyPjOf))), time(meanOf(samples.map(latencyNsOf)))]];
  });
  return {
    lifetimeCosts: table(['learning', 'energy, a class', 'time, a class', 'updates, a sample'], rows),
    lifetimeSpeakersCosts: table(['a sample of a new speaker', 'energy', 'time'], strangers),
  };
}

const meanOf = (values: readonly number[]): number => spread(values).mean ?? Number.NaN;
const energyPjOf = ({ energyPj }: { readonly energyPj: number | null }): number => known(energyPj);
const latencyNsOf = ({ latencyNs }: { readonly latencyNs: number }): number => latencyNs;

/** A new speaker: accuracies on this one and on those known before, after each stage; a row for each, and for all. */
function speakersTable(reports: readonly Report[], experiment: string): string | undefined {
  const lives = precisions.flatMap((precision) => of(reports, experiment, precision));
  const [first] = lives.flatMap(({ life }) => life ?? []);
  if (first === undefined) return undefined;
  const shareOf = (values: readonly (number | null | undefined)[]): number | null =>
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
    const [known, stranger] = [0, 1].map((task) => shareOf(tests.map(({ byTask }) => byTask[task])));
    return `${percent(stranger ?? null, 1)} / ${percent(known ?? null, 1)}`;
  };
  return table(
    ['new / known, %', ...stages.map(({ name }) => name), 'runs'],
    groups.map(([label, runs]) => [
      label,
      ...stages.map(({ stage }) => cellOf(runs, stage)),
      String(runs.length),
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
    return `${percent(mean, 1)} ± ${percent(standardDeviation, 1)}${ofSeeds(n)}`;
  };
  const rowOf = (label: string, runs: readonly Report[]): string[] => {
    const last = runs.map(({ life }) => life?.tests.at(-1));
    return [label, around(last.map((test) => test?.new)), around(last.map((test) => test?.old))];
  };
  const isOf = (pair: string) => (life: Report) => lastStageOf(life)?.classes?.join(' and ') === pair;
  return table(
    ['new digits', 'new, %', 'old, %'],
    [...pairs.map((pair) => rowOf(pair, lives.filter(isOf(pair)))), rowOf('each pair', lives)],
  );
}

function lifetimeTable(reports: readonly Report[]): string {
  return table(
    ['test %', 'after the last task', 'forgetting', 'over the stages', 'in random order'],
    eachLife(reports).map(({ label, lives, joint }) => [
      label,
      accuracy(lives),
      around(lives.map(({ life }) => life?.forgetting)),
      around(lives.map(({ life }) => life?.incrementalAccuracy)),
      accuracy(joint) || '-',
    ]),
  );
}

/** The lives of a learner at a precision: task after task, and the same samples together. */
interface Lives {
  readonly label: string;
  readonly lives: readonly Report[];
  readonly joint: readonly Report[];
}

function eachLife(reports: readonly Report[], among: readonly string[] = precisions): Lives[] {
  return Object.entries(learners).flatMap(([experiment, label]) =>
    among.flatMap((precision) => {
      const all = of(reports, experiment, precision).filter(({ life }) => life !== undefined);
      const lives = all.filter(({ life }) => life?.joint !== true);
      const joint = all.filter(({ life }) => life?.joint === true);
      return lives.length === 0 ? [] : [{ label: `${label}, ${precision}`, lives, joint }];
    }),
  );
}

function around(values: readonly (number | null | undefined)[]): string {
  const { mean, standardDeviation } = spread(values.flatMap((value) => value ?? []));
  if (mean === null) return '-';
  return `${percent(mean)}${standardDeviation === null ? '' : ` ± ${percent(standardDeviation)}`}`;
}

function costsOfClasses(lives: readonly Report[]): string[] {
  const stages = lives.flatMap(({ life }) => life?.stages ?? []);
  const classes = stages.flatMap(({ perClass }) => perClass ?? []);
  const updates = meanOf(stages.flatMap(({ perSample }) => perSample?.updates ?? []));
  return [
    energy(meanOf(classes.map(energyPjOf))),
    time(meanOf(classes.map(latencyNsOf))),
    Math.round(updates).toLocaleString('en').replaceAll(',', ' '),
  ];
}
