import { findFile } from '../../src/fs/index.ts';
import { loadCore } from '../../src/library/index.ts';
import { crossing, type InferenceCost, type Report, spread } from '../../src/report/index.ts';
import { accuracy, known, percent, table } from './common.ts';

/** A spiking network at several numbers of steps, and its artificial twin at several widths of activations. */
const pairs = [
  { name: '784-256-10', spiking: 'crossover', artificial: 'mnist-mlp' },
  { name: 'convolutions', spiking: 'crossover-conv', artificial: 'mnist-cnn' },
] as const;

const steps = 'program.steps';
const bits = 'program.parameters.activationBits';

/** What inference takes, and where the figures of both networks meet. */
export function crossoverTables(reports: readonly Report[]): Readonly<Record<string, string>> {
  return { workings: workingsTable(reports), crossings: crossingsTable(reports) };
}

function workingsTable(reports: readonly Report[]): string {
  const rows = pairs.flatMap(({ name, spiking, artificial }) => [
    ...valuesOf(reports, spiking, steps).map((value) => [
      `${name}, spiking, ${value} ${value === 1 ? 'step' : 'steps'}`,
      ...rowOf(runsAt(reports, spiking, steps, value)),
    ]),
    ...valuesOf(reports, artificial, bits).map((value) => [
      `${name}, artificial, ${value} ${value === 1 ? 'bit' : 'bits'}`,
      ...rowOf(runsAt(reports, artificial, bits, value)),
    ]),
  ]);
  return table(
    ['network', 'test %', 'operations a synapse', 'µJ an inference', 'bounds', 'pJ an operation'],
    rows,
  );
}

function rowOf(runs: readonly Report[]): string[] {
  const mean = (of: (report: Report) => number): number => spread(runs.map(of)).mean ?? Number.NaN;
  const microjoules = (energyPj: number): string => (energyPj / 1e6).toPrecision(3);
  const bounds = (report: Report) => tested(report).energyPj.interval;
  return [
    accuracy(runs),
    mean((report) => workingOf(report).activity).toFixed(3),
    microjoules(mean((report) => known(tested(report).energyPj.total))),
    `${microjoules(mean((report) => known(bounds(report)?.low)))} to ${microjoules(mean((report) => known(bounds(report)?.high)))}`,
    mean((report) => known(tested(report).energyPj.total) / tested(report).counters.sops).toPrecision(3),
  ];
}

function crossingsTable(reports: readonly Report[]): string {
  const rows = pairs.flatMap(({ name, spiking, artificial }) =>
    valuesOf(reports, artificial, bits).map((value) => {
      const twins = runsAt(reports, artificial, bits, value);
      const found = twins.flatMap((twin) => {
        const { seed } = twin.provenance;
        const own = valuesOf(reports, spiking, steps)
          .flatMap((count) => runsAt(reports, spiking, steps, count))
          .filter(({ provenance }) => provenance.seed === seed);
        const at = crossing(own.map(workingOf), workingOf(twin), twin.core.sources);
        return at === undefined ? [] : [{ ...at, accuracy: accuracyAt(own, at.activity) }];
      });
      const mean = (values: readonly number[]): number => spread(values).mean ?? Number.NaN;
      const activities = spread(found.map(({ activity }) => activity));
      const twin = mean(twins.map((report) => report.test?.accuracy ?? Number.NaN));
      const met = mean(found.map((each) => each.accuracy));
      return [
        `${name}, ${value} ${value === 1 ? 'bit' : 'bits'}`,
        mean(twins.map((report) => workingOf(report).activity)).toFixed(3),
        `${(activities.mean ?? Number.NaN).toFixed(3)} ± ${(activities.standardDeviation ?? 0).toFixed(4)} (${activities.n})`,
        boundsText(mean(found.map(({ low }) => low)), mean(found.map(({ high }) => high))),
        percent(twin),
        percent(met),
        Math.abs(twin - met) <= 0.01 ? 'yes' : 'no',
      ];
    }),
  );
  return table(
    [
      'artificial network',
      'its operations a synapse',
      'spiking network of the same energy',
      'by the figures of the core',
      'artificial, test %',
      'spiking there, test %',
      'within a point',
    ],
    rows,
  );
}

function boundsText(low: number, high: number): string {
  const text = (bound: number): string =>
    Number.isFinite(bound) ? bound.toFixed(3) : 'no crossing within the interval';
  return `${text(low)} to ${text(high)}`;
}

/** The values at which an experiment has been run. */
function valuesOf(reports: readonly Report[], experiment: string, path: string): number[] {
  const found = reports
    .filter(({ provenance }) => provenance.experiment === experiment)
    .flatMap((report) => settingOf(report, path) ?? []);
  return [...new Set(found)].sort((a, b) => a - b);
}

function runsAt(reports: readonly Report[], experiment: string, path: string, value: number): Report[] {
  return reports.filter(
    (report) =>
      report.provenance.experiment === experiment &&
      report.provenance.precision === 'mp16-8' &&
      settingOf(report, path) === value,
  );
}

function settingOf({ provenance }: Report, path: string): number | undefined {
  const own = provenance.settings.find((setting) => setting.startsWith(`${path}=`));
  return own === undefined ? undefined : Number(own.slice(path.length + 1));
}

/** A sample of the test. */
function tested({ test }: Report): NonNullable<NonNullable<Report['test']>['perSample']> {
  if (test?.perSample == null) throw new Error('a run without a test');
  return test.perSample;
}

function workingOf(report: Report): InferenceCost {
  const { counters, energyPj } = tested(report);
  return { activity: counters.sops / synapsesOf(report.provenance.program), bySource: energyPj.bySource };
}

/** The accuracy between the runs whose activities are nearest. */
function accuracyAt(runs: readonly Report[], activity: number): number {
  const points = runs
    .map((run) => ({ activity: workingOf(run).activity, accuracy: run.test?.accuracy ?? Number.NaN }))
    .sort((a, b) => a.activity - b.activity);
  const next = Math.max(
    1,
    points.findIndex((point) => point.activity >= activity),
  );
  const [from, to] = [points[next - 1], points[next]];
  if (from === undefined || to === undefined) return Number.NaN;
  // Beyond the fewest spikes, no accuracy is known: that of the fewest is the most that can be hoped for.
  const share = Math.max(0, (activity - from.activity) / (to.activity - from.activity));
  return from.accuracy + share * (to.accuracy - from.accuracy);
}

const synapsesByProgram = new Map<string, number>();

/** The synapses of a bundled program: those of a convolution at each of its places. */
function synapsesOf(program: string): number {
  const found =
    synapsesByProgram.get(program) ??
    loadCore(program, { on: 'large' }, findFile).image.projections.reduce(
      (sum, { segments }) => sum + segments.length.reduce((all, length) => all + length, 0),
      0,
    );
  synapsesByProgram.set(program, found);
  return found;
}
