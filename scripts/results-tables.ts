import { type Report, scoredPhase, spread } from '../src/report/index.ts';

/** Precisions in the order of the published tables. */
const precisions = ['mp8-4', 'mp8-8', 'mp16-4', 'mp16-8', 'mp16-12', 'mp16-16', 'fp32'];

/**
 * Test accuracies in per cent of Gomez and Tang, "Full Integer Arithmetic Online Training for Spiking Neural Networks"
 * (ICANN 2025), mean and standard deviation, by network and precision.
 */
const published: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'mnist-snn': {
    'mp8-4': '94.24 ± 0.27',
    'mp8-8': '96.89 ± 0.14',
    'mp16-4': '95.47 ± 0.15',
    'mp16-8': '97.55 ± 0.09',
    'mp16-16': '97.43 ± 0.14',
    fp32: '97.33 ± 0.15',
  },
  'mnist-csnn': {
    'mp8-4': '95.19 ± 0.84',
    'mp8-8': '97.16 ± 0.20',
    'mp16-4': '97.73 ± 0.19',
    'mp16-8': '98.10 ± 0.10',
    'mp16-16': '97.88 ± 0.17',
    fp32: '97.85 ± 0.12',
  },
  'shd-snn': {
    'mp16-4': '49.85 ± 1.29',
    'mp16-8': '50.10 ± 1.14',
    'mp16-12': '62.06 ± 1.16',
    'mp16-16': '61.92 ± 1.53',
    fp32: '55.27 ± 1.97',
  },
  'shd-rsnn': {
    'mp16-4': '57.62 ± 0.95',
    'mp16-8': '64.63 ± 1.49',
    'mp16-12': '70.50 ± 1.43',
    'mp16-16': '67.75 ± 1.34',
    fp32: '71.64 ± 0.95',
  },
};

const of = (reports: readonly Report[], experiment: string, precision: string): readonly Report[] =>
  reports.filter(
    ({ provenance }) => provenance.experiment === experiment && provenance.precision === precision,
  );

const percent = (share: number | null, digits = 2): string =>
  share === null ? '-' : (100 * share).toFixed(digits);

function accuracy(reports: readonly Report[], withError = false): string {
  const { n, mean, standardDeviation, standardError } = spread(
    reports.flatMap((report) => scoredPhase(report).phase.accuracy ?? []),
  );
  if (n === 0) return '';
  const error = withError && standardError !== null ? `, SE ${percent(standardError)}` : '';
  return `${percent(mean)} ± ${percent(standardDeviation)} (${n}${error})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join(
    '\n',
  );
}

/** What was compared on the validation split: for each network and choice of parameters its accuracy there. */
export function validationTable(reports: readonly Report[], experiments: RegExp): string {
  const rows = new Map<string, { readonly head: readonly string[]; readonly reports: Report[] }>();
  for (const report of reports) {
    const { experiment, epochs, settings } = report.provenance;
    if (!experiments.test(experiment ?? '')) continue;
    const own = settings.filter((setting) => setting.startsWith('program.parameters.'));
    const parameters = own.map((setting) => setting.replace('program.parameters.', '')).join(', ');
    const row = rows.get(`${experiment} ${parameters}`) ?? {
      head: [experiment ?? '', String(epochs), parameters === '' ? "the program's own" : `\`${parameters}\``],
      reports: [],
    };
    row.reports.push(report);
    rows.set(`${experiment} ${parameters}`, row);
  }
  return table(
    ['experiment', 'epochs', 'parameters', ...precisions],
    [...rows.values()].map(({ head, reports: own }) => [
      ...head,
      ...precisions.map((precision) => {
        const { n, mean } = spread(
          own.flatMap((report) =>
            report.provenance.precision === precision ? (scoredPhase(report).phase.accuracy ?? []) : [],
          ),
        );
        return n === 0 ? '-' : `${percent(mean)}${n === 1 ? '' : ` (${n})`}`;
      }),
    ]),
  );
}

/** What was compared on the validation split for ODIN: each way to teach it, with its accuracy there. */
export function odinValidationTable(reports: readonly Report[]): string {
  const rows = new Map<string, Report[]>();
  for (const report of reports) {
    const { experiment, encoder } = report.provenance;
    if (experiment !== 'odin-mnist') continue;
    rows.set(encoder, [...(rows.get(encoder) ?? []), report]);
  }
  return table(
    ['how it is taught', 'validation %'],
    [...rows].map(([taught, own]) => [`\`${taught}\``, accuracy(own)]),
  );
}

/** Ours beside the published ones. */
export function accuracyTables(reports: readonly Report[]): Record<string, string> {
  const ours = (label: string, experiment: string, columns: readonly string[], withError = false) => [
    label,
    ...columns.map((precision) => accuracy(of(reports, experiment, precision), withError) || '-'),
  ];
  const theirs = (label: string, experiment: string, columns: readonly string[]) => [
    label,
    ...columns.map((precision) => published[experiment]?.[precision] ?? '-'),
  ];
  const wide = precisions.filter((precision) => !precision.startsWith('mp8'));
  return {
    mnist: table(
      ['test %', ...precisions],
      [
        ours('SNN, here', 'mnist-snn', precisions),
        theirs('SNN, published', 'mnist-snn', precisions),
        ours('CSNN, here', 'mnist-csnn', precisions),
        theirs('CSNN, published', 'mnist-csnn', precisions),
      ],
    ),
    spoken: table(
      ['test %, ten spoken digits', ...wide],
      [
        ours('RSNN', 'spoken-rsnn', wide, true),
        ours('SNN', 'spoken-snn', wide, true),
        ours('RSNN, speakers held out', 'spoken-held-out', wide, true),
      ],
    ),
    shd: table(
      ['test %, SHD, 20 classes', ...wide],
      [
        ours('SNN, here', 'shd-snn', wide),
        theirs('SNN, published', 'shd-snn', wide),
        ours('RSNN, here', 'shd-rsnn', wide),
        theirs('RSNN, published', 'shd-rsnn', wide),
      ],
    ),
  };
}

/** Digits on ODIN, beside what its paper states. */
export function odinTable(reports: readonly Report[]): string {
  const own = of(reports, 'odin-mnist', 'fixed');
  const energies = spread(own.flatMap(({ test }) => test?.perSample?.energyPj.total ?? []));
  const energy = energies.mean === null ? '-' : (energies.mean / 1e3).toFixed(1);
  return table(
    ['ten neurons of ODIN', 'test %', 'nJ an inference'],
    [
      ['here, on the embedded digits', accuracy(own) || '-', energy],
      ['published, on MNIST', '84.5', '15'],
    ],
  );
}

/** Cue accumulation on ReckOn, beside what its paper states of its navigation task. */
export function reckonTable(reports: readonly Report[]): string {
  const own = of(reports, 'reckon-cue', 'fixed');
  const mean = (values: readonly (number | undefined)[], scale: number, digits: number): string => {
    const found = spread(values.flatMap((value) => value ?? []));
    return found.mean === null ? '-' : (found.mean / scale).toFixed(digits);
  };
  const tested = own.map(({ test }) => test?.perSample);
  const trained = own.map(({ train }) => train.perSample);
  const perTick = tested.map((sample) =>
    sample == null ? undefined : sample.energyPj.total / sample.counters.steps,
  );
  return table(
    [
      'ReckOn',
      'test %',
      'nJ a tick of inference',
      'µJ an inference',
      'µJ a sample learnt',
      'ms an inference',
    ],
    [
      [
        'here, cue accumulation',
        accuracy(own, true) || '-',
        mean(perTick, 1e3, 2),
        mean(
          tested.map((sample) => sample?.energyPj.total),
          1e6,
          2,
        ),
        mean(
          trained.map((sample) => sample?.energyPj.total),
          1e6,
          2,
        ),
        mean(
          tested.map((sample) => sample?.latencyNs),
          1e6,
          0,
        ),
      ],
      ['published, navigation', '96.4', '0.6 to 42', '-', '-', '-'],
    ],
  );
}

const networks = ['mnist-snn', 'mnist-csnn', 'spoken-snn', 'spoken-rsnn'];

/** Bits saved against FP32, by network and precision, on every basis that a report states. */
export function memoryTable(reports: readonly Report[]): string {
  const rows = networks.flatMap((network) =>
    precisions.flatMap((precision) => {
      const [report] = of(reports, network, precision);
      if (report === undefined || precision === 'fp32') return [];
      const saved = (basis: string, inferenceWeights: string): string => {
        const found = report.memory.savings.find(
          (saving) => saving.basis === basis && saving.inferenceWeights === inferenceWeights,
        );
        return found === undefined ? '-' : `${percent(found.ratio, 1)} %`;
      };
      return [
        [
          network,
          precision,
          ...['stored', 'sliced'].flatMap((kind) => [
            saved('training', kind),
            saved('training, FP32 with gradients', kind),
            saved('inference', kind),
          ]),
        ],
      ];
    }),
  );
  const kinds = ['stored', 'sliced'].flatMap((kind) => [
    `training, ${kind}`,
    `training, ${kind}, FP32 with gradients`,
    `inference, ${kind}`,
  ]);
  return table(['network', 'precision', ...kinds], rows);
}

const microjoules = (energyPj: number): string => (energyPj / 1e6).toPrecision(3);

/** Energy of a sample, integers at mp16-8 beside FP32, at each network's own activity and by unit. */
export function energyTable(reports: readonly Report[]): string {
  const rows = networks.flatMap((network) =>
    (['train', 'test'] as const).flatMap((phase) => {
      const [integer, float] = ['mp16-8', 'fp32'].map(
        (precision) => of(reports, network, precision)[0]?.[phase]?.perSample,
      );
      if (integer == null || float == null) return [];
      const arithmetic = (of: typeof integer) =>
        Object.entries(of.energyPj.byUnit)
          .filter(([unit]) =>
            ['move', 'add', 'multiply', 'shift', 'compare', 'logic', 'random'].includes(unit),
          )
          .reduce((sum, [, energyPj]) => sum + energyPj, 0);
      const banks = (of: typeof integer) =>
        Object.entries(of.energyPj.byUnit)
          .filter(([unit]) => unit.endsWith(' bank'))
          .reduce((sum, [, energyPj]) => sum + energyPj, 0);
      const ratio = (a: number, b: number): string => `${(a / b).toFixed(2)}x`;
      return [
        [
          network,
          phase,
          microjoules(integer.energyPj.total),
          microjoules(float.energyPj.total),
          ratio(float.energyPj.total, integer.energyPj.total),
          ratio(arithmetic(float), arithmetic(integer)),
          ratio(banks(float), banks(integer)),
          microjoules(equalVisits(integer, float)),
          ratio(equalVisits(integer, float), integer.energyPj.total),
        ],
      ];
    }),
  );
  return table(
    [
      'network',
      'phase',
      'mp16-8, µJ a sample',
      'fp32, µJ',
      'ratio',
      'of operations',
      'of bank accesses',
      'fp32 at the visits of mp16-8, µJ',
      'ratio',
    ],
    rows,
  );
}

type PerSample = NonNullable<Report['train']['perSample']>;

/** What FP32 would spend if each kernel visited what it visits at mp16-8: its energy an item, times the other's items; the rest as it is. */
function equalVisits(integer: PerSample, float: PerSample): number {
  const itemsOf = (of: PerSample, name: string): number => {
    const work = of.counters.byKernel.find((kernel) => kernel.name === name);
    return work === undefined ? 0 : work.items || work.tiles || work.scannedTiles;
  };
  const dynamic = float.energyPj.byKernel.reduce((sum, { name, energyPj }) => {
    const items = itemsOf(float, name);
    return sum + (items === 0 ? energyPj : (energyPj * itemsOf(integer, name)) / items);
  }, 0);
  const kernels = float.energyPj.byKernel.reduce((sum, { energyPj }) => sum + energyPj, 0);
  return dynamic + (float.energyPj.total - kernels);
}

/** Items that the learning kernels visit in a sample. */
export function visitTable(reports: readonly Report[]): string {
  const rows = networks.flatMap((network) =>
    ['mp16-8', 'fp32'].flatMap((precision) => {
      const counters = of(reports, network, precision)[0]?.train.perSample?.counters;
      if (counters === undefined) return [];
      const spikes = Object.values(counters.spikes).reduce((sum, count) => sum + count, 0);
      const whole = (value: number): string => Math.round(value).toLocaleString('en').replaceAll(',', ' ');
      return [
        [
          network,
          precision,
          whole(spikes),
          whole(counters.sops),
          whole(counters.updates),
          whole(counters.cycles),
        ],
      ];
    }),
  );
  return table(
    ['network', 'precision', 'spikes a sample', 'synaptic operations', 'weight updates', 'cycles'],
    rows,
  );
}
