import { findFile } from '../../src/fs/index.ts';
import { loadCore } from '../../src/library/index.ts';
import { type Report, spread } from '../../src/report/index.ts';
import { accuracy, known, ofSeeds, table } from './common.ts';
import { crossing, type InferenceCost } from './crossing.ts';

/** A spiking network at several numbers of steps, and its artificial twin at several widths of activations. */
const pairs = [
  { name: '784-256-10', spiking: 'crossover', artificial: 'mnist-mlp' },
  { name: 'convolutions', spiking: 'crossover-conv', artificial: 'mnist-cnn' },
] as const;

const steps = 'program.steps';
const bits = 'program.parameters.activationBits';

/** What networks reach, and how active they are. */
export function workingTables(reports: readonly Report[]): Readonly<Record<string, string>> {
  const rows = eachNetwork(reports, (runs) => [accuracy(runs), meanOf(runs, activityOf).toFixed(3)]);
  return { workings: table(['network', 'test %', 'operations a synapse'], rows) };
}

/** What inference takes, and where the figures of both networks meet. */
export function crossingTables(reports: readonly Report[]): Readonly<Record<string, string>> {
  const head = ['network', 'µJ an inference', 'pJ an operation'];
  return {
    workingCosts: table(head, eachNetwork(reports, costsOf)),
    crossings: crossingsTable(reports),
    accounts: accountsTable(reports),
  };
}

/** A row for each network that has run, spiking or artificial. */
function eachNetwork(
  reports: readonly Report[],
  cells: (runs: readonly Report[]) => readonly string[],
): string[][] {
  return pairs.flatMap(({ name, spiking, artificial }) => [
    ...valuesOf(reports, spiking, steps).map((value) => [
      `${name}, spiking, ${value} ${value === 1 ? 'step' : 'steps'}`,
      ...cells(runsAt(reports, spiking, steps, value)),
    ]),
    ...valuesOf(reports, artificial, bits).map((value) => [
      `${name}, artificial, ${value} ${value === 1 ? 'bit' : 'bits'}`,
      ...cells(runsAt(reports, artificial, bits, value)),
    ]),
  ]);
}

const meanOf = (runs: readonly Report[], of: (report: Report) => number): number =>
  spread(runs.map(of)).mean ?? Number.NaN;

const activityOf = (report: Report): number => workingOf(report).activity;

function costsOf(runs: readonly Report[]): string[] {
  const mean = (of: (report: Report) => number): number => meanOf(runs, of);
  const microjoules = (energyPj: number): string => (energyPj / 1e6).toPrecision(3);
  return [
    microjoules(mean((report) => known(tested(report).energyPj.total))),
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
        return crossing(own.map(workingOf), workingOf(twin), twin.core.sources) ?? [];
      });
      const mean = (values: readonly number[]): number => spread(values).mean ?? Number.NaN;
      const activities = spread(found.map(({ activity }) => activity));
      const deviation = activities.standardDeviation;
      return [
        `${name}, ${value} ${value === 1 ? 'bit' : 'bits'}`,
        meanOf(twins, activityOf).toFixed(3),
        `${(activities.mean ?? Number.NaN).toFixed(3)}${deviation === null ? '' : ` ± ${deviation.toFixed(4)}`}${ofSeeds(activities.n)}`,
        boundsText(mean(found.map(({ low }) => low)), mean(found.map(({ high }) => high))),
      ];
    }),
  );
  return table(
    [
      'artificial network',
      'its operations a synapse',
      'spiking network of the same energy',
      'by the figures of the core',
    ],
    rows,
  );
}

/** The crossing of arXiv 2409.08290, version 4: the share of neurons that spike in a step, and bits of its twin. */
const published = { share: 0.057, steps: 5, bits: 3 };
/** By how much an event takes more there to move than a value does: 3 to 0.25 pJ a bit and hop. */
const eventOverValue = 12;
const arithmetic = ['add', 'multiply', 'shift', 'compare', 'logic'];

/** Energies of an inference as another account has them: of the spiking network, and of its artificial twin. */
interface Account {
  readonly name: string;
  readonly ofSpikes?: (report: Report) => number;
  readonly ofTwin?: (report: Report) => number;
}

const allOf = (report: Report): number => known(tested(report).energyPj.total);
const unitsOf = (report: Report, units: readonly string[]): number =>
  units.reduce((sum, unit) => sum + (tested(report).energyPj.byUnit[unit] ?? 0), 0);
const arithmeticOf = (report: Report): number => unitsOf(report, arithmetic);

const accounts: readonly Account[] = [
  { name: 'all that the core counts; zeros are not sent' },
  {
    name: `the same, an event of a spike takes ${eventOverValue} times that of a value`,
    ofSpikes: (report) => allOf(report) + (eventOverValue - 1) * unitsOf(report, ['router']),
  },
  { name: 'arithmetic alone', ofSpikes: arithmeticOf, ofTwin: arithmeticOf },
  {
    name: 'all, and the artificial network sends its zeros too',
    ofTwin: (report) => allOf(report) / activityOf(report),
  },
];

/** Where the dense networks cross by each account, and by the published one, in the same unit. */
function accountsTable(reports: readonly Report[]): string {
  const [{ spiking, artificial }] = pairs;
  const twins = runsAt(reports, artificial, bits, published.bits);
  const rows = accounts.map(({ name, ofSpikes = allOf, ofTwin = allOf }) => {
    const cost = (report: Report, energyPj: number): InferenceCost => ({
      activity: activityOf(report),
      bySource: { all: energyPj },
    });
    const found = twins.flatMap((twin) => {
      const own = valuesOf(reports, spiking, steps)
        .flatMap((count) => runsAt(reports, spiking, steps, count))
        .filter(({ provenance }) => provenance.seed === twin.provenance.seed);
      const met = crossing(
        own.map((report) => cost(report, ofSpikes(report))),
        cost(twin, ofTwin(twin)),
      );
      return met?.activity ?? [];
    });
    return [name, (spread(found).mean ?? Number.NaN).toFixed(3)];
  });
  return table(
    ['account', 'operations a synapse'],
    [
      ...rows,
      [
        `theirs: ${published.steps} steps x ${100 * published.share} %`,
        (published.steps * published.share).toFixed(3),
      ],
    ],
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
