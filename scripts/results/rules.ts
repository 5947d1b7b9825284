import { findProgram } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { energy, type Report, spread, within } from '../../src/report/index.ts';
import { accuracy, known, percent, table } from './common.ts';

/** Rules in the order of the page: what it calls each, and the accuracy of NeuroTrain where it has that rule. */
const rules: Readonly<Record<string, { readonly name: string; readonly published?: number }>> = {
  'mnist-three-factor': { name: 'bundled' },
  'mnist-last-error': { name: 'bundled, last step' },
  'mnist-random-feedback': { name: 'bundled, random feedback' },
  'mnist-ottt': { name: 'OTTT', published: 93.2 },
  'mnist-ostl': { name: 'OSTL', published: 96.3 },
  'mnist-osttp': { name: 'OSTTP' },
  'mnist-etlp': { name: 'ETLP' },
  'mnist-decolle': { name: 'DECOLLE', published: 95.7 },
  'mnist-e-prop': { name: 'e-prop', published: 97.8 },
  'mnist-e-prop-random': { name: 'e-prop, random feedback' },
  'mnist-e-prop-adaptive': { name: 'e-prop, adaptive feedback' },
  'mnist-stsf': { name: 'STSF', published: 93.3 },
  'mnist-stdp': { name: 'pairs of spikes' },
};

const precisions = ['mp16-8', 'mp8-8'];

/** What each rule reaches and takes, in the network 784-256-10 on MNIST. */
export function rulesTables(reports: readonly Report[]): Record<string, string> {
  const own = reports.filter(({ provenance }) => provenance.experiment === 'rules-mnist');
  if (own.length === 0) return {};
  return { rules: overview(own), rulesFront: front(own) };
}

const runsOf = (reports: readonly Report[], program: string, precision: string): readonly Report[] =>
  reports.filter(({ provenance }) => provenance.program === program && provenance.precision === precision);

/** Accuracies at both precisions, beside the published one, and what learning takes at the first. */
function overview(reports: readonly Report[]): string {
  const rows = Object.entries(rules).flatMap(([program, { name, published }]) => {
    const [first] = runsOf(reports, program, 'mp16-8');
    if (first === undefined) return [];
    const { counters, energyPj } = learntBy(first);
    return [
      [
        name,
        ...precisions.map((precision) => accuracyOf(runsOf(reports, program, precision))),
        published?.toFixed(1) ?? '',
        String(bitsOf(first, 'inputToHidden')),
        String(bitsOf(first, 'hidden')),
        Math.round(counters.updates).toLocaleString('en'),
        Math.round(counters.cycles).toLocaleString('en'),
        within(energyPj.total, energyPj.interval, energy),
        String(instructionsOf(first, program)),
      ],
    ];
  });
  const figures = [
    'NeuroTrain',
    'bits/synapse',
    'bits/neuron',
    'updates',
    'cycles',
    'energy',
    'instructions',
  ];
  return table(['rule', ...precisions, ...figures], rows);
}

/** A single run has no deviation. */
const accuracyOf = (runs: readonly Report[]): string =>
  runs.length === 1 ? percent(runs[0]?.test?.accuracy ?? null) : accuracy(runs);

/** Rules that nobody should use: another one is more accurate, and takes less. */
function front(reports: readonly Report[]): string {
  const points = precisions.flatMap((precision) =>
    Object.entries(rules).flatMap(([program, { name }]) => {
      const runs = runsOf(reports, program, precision);
      const { mean } = spread(runs.flatMap(({ test }) => test?.accuracy ?? []));
      const [first] = runs;
      if (mean === null || first === undefined) return [];
      const { energyPj } = learntBy(first);
      const { totalBits } = first.memory;
      return [{ name, precision, mean, energyPj: known(energyPj.total), totalBits }];
    }),
  );
  const rows = points
    .filter(
      (point) =>
        !points.some(
          (other) =>
            other.mean >= point.mean &&
            other.energyPj <= point.energyPj &&
            other.totalBits <= point.totalBits &&
            other !== point,
        ),
    )
    .sort((a, b) => b.mean - a.mean)
    .map(({ name, precision, mean, energyPj, totalBits }) => [
      name,
      precision,
      percent(mean),
      energy(energyPj),
      `${(totalBits / 1e6).toFixed(2)} Mbit`,
    ]);
  return table(['rule', 'precision', 'test %', 'energy, learnt', 'memory'], rows);
}

function learntBy({ train, provenance }: Report) {
  if (train.perSample == null) throw new Error(`${provenance.program} has learnt nothing`);
  return train.perSample;
}

/** Bits of all fields of an item of a population or a projection. */
const bitsOf = ({ memory }: Report, owner: string): number =>
  memory.fields
    .filter(({ name }) => name.startsWith(`${owner}.`))
    .reduce((sum, { bitsPerItem }) => sum + bitsPerItem, 0);

/** Instructions of all kernels that the program runs, each once. */
function instructionsOf(report: Report, program: string): number {
  const { kernels } = findProgram({ name: program, from: '' }, findFile);
  const work = learntBy(report).counters.byKernel.map(({ name }) => name.split('(')[0] ?? '');
  return [...new Set(work)].reduce((sum, name) => sum + (kernels.get(name)?.body.length ?? 0), 0);
}
