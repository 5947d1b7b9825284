import { type Report, spread } from '../../src/report/index.ts';
import { published } from './accuracy.ts';
import { accuracy, known, of, percent, table } from './common.ts';

/** Cells of the paper that are integers. */
const cells = ['mp8-4', 'mp8-8', 'mp16-4', 'mp16-8', 'mp16-16'];

/** The published network, and the experiments that run it by their rule and by the bundled one. */
const networks = [
  { name: 'paperSnn', cell: 'mnist-snn', theirs: 'gomez-tang', ours: 'mnist-snn-100' },
  { name: 'paperCsnn', cell: 'mnist-csnn', theirs: 'gomez-tang-conv', ours: 'mnist-conv32' },
];

/** The published networks at their own size: their rule and the bundled one, each by their protocol. */
export function paperTables(reports: readonly Report[]): Record<string, string> {
  return Object.fromEntries(
    networks.flatMap(({ name, cell, theirs, ours }) => {
      const hasRun = reports.some(
        ({ provenance: { experiment } }) => experiment === theirs || experiment === ours,
      );
      if (!hasRun) return [];
      return [
        [name, accuracyTable(reports, cell, theirs, ours)],
        [`${name}Costs`, costTable(reports, cell, theirs, ours)],
      ];
    }),
  );
}

function accuracyTable(reports: readonly Report[], cell: string, theirs: string, ours: string): string {
  const row = (label: string, experiment: string): string[] => [
    label,
    ...cells.map((precision) => accuracy(of(reports, experiment, precision)) || '-'),
  ];
  return table(
    ['test %', ...cells],
    [
      ['published', ...cells.map((precision) => published[cell]?.[precision] ?? '-')],
      row('their rule, here', theirs),
      row('the bundled rule', ours),
    ],
  );
}

/** What learning takes: bits held, work a sample, and how long until the published accuracy. */
function costTable(reports: readonly Report[], cell: string, theirs: string, ours: string): string {
  const rows = cells.flatMap((precision) =>
    [
      ['their rule', theirs],
      ['the bundled rule', ours],
    ].flatMap(([label = '', experiment = '']) => {
      const runs = of(reports, experiment, precision);
      const [first] = runs;
      if (first === undefined) return [];
      const { perSample, samples } = first.train;
      if (perSample == null) throw new Error(`${experiment} at ${precision} learned nothing`);
      const energyPj = known(perSample.energyPj.total);
      const goal = Number(published[cell]?.[precision]?.split(' ')[0]) / 100;
      const epochs = runs.map((run) => epochsUntil(run, goal));
      const reached = epochs.filter((count) => count !== undefined);
      const { mean } = spread(reached);
      const perEpoch = first.train.history[0]?.samples ?? 0;
      return [
        [
          `${precision}, ${label}`,
          String(first.provenance.epochs),
          String(perSample.counters.steps),
          (samples / 1e6).toFixed(2),
          (first.memory.totalBits / 1e6).toFixed(2),
          Math.round(perSample.counters.cycles).toLocaleString('en').replaceAll(',', ' '),
          (energyPj / 1e6).toPrecision(3),
          `${percent(goal)}: ${mean === null ? 'never' : mean.toFixed(1)}${reached.length < runs.length ? ` (${reached.length} of ${runs.length} seeds)` : ''}`,
          mean === null ? '-' : ((mean * perEpoch * energyPj) / 1e12).toPrecision(3),
        ],
      ];
    }),
  );
  return table(
    [
      'learning',
      'epochs',
      'steps',
      'samples, 10^6',
      'Mbit held',
      'cycles a sample',
      'µJ a sample',
      'epochs until validation reaches',
      'J until then',
    ],
    rows,
  );
}

/** Epochs until the samples held out are answered as well as the published network answers the test set. */
function epochsUntil({ train }: Report, goal: number): number | undefined {
  const at = train.history.findIndex(({ validationAccuracy }) => (validationAccuracy ?? 0) >= goal);
  return at < 0 ? undefined : at + 1;
}
