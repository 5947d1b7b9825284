import { type Report, scoredPhase, spread } from '../../src/report/index.ts';
import { accuracy, known, of, percent, table } from './common.ts';

const precisions = ['mp16-4', 'mp16-8', 'mp16-16', 'fp32'];

/** What the table of accuracies calls each experiment. */
const tested: Readonly<Record<string, string>> = {
  'speech-snn': 'SNN',
  'speech-snn-replay': 'SNN, sample presented twice',
  'speech-rsnn': 'RSNN',
  'speech-rsnn-replay': 'RSNN, sample presented twice',
  'speech-windows': 'SNN, windows of a neuron',
  'speech-delays': 'SNN, delays that learn',
  'speech-held-out': 'SNN, speakers held out',
  'speech-delays-held-out': 'SNN, delays that learn, speakers held out',
};

const ablations: Readonly<Record<string, string>> = {
  'speech-snn': 'all of it',
  'speech-without-delays': 'without delays',
  'speech-every-step': 'error at every step',
  'speech-without-grouping': 'without grouping',
};

/** Networks whose costs are compared, the present rule first. */
const costed = [
  'spoken-snn',
  'speech-snn',
  'speech-snn-replay',
  'speech-windows',
  'speech-delays',
  'spoken-rsnn',
  'speech-rsnn',
  'speech-rsnn-replay',
];

/** Tables of the rule that waits for the end of a sample. */
export function speechTables(
  reports: readonly Report[],
  validated: readonly Report[],
): Record<string, string> {
  return {
    speech: table(
      ['test %, ten spoken digits', ...precisions],
      Object.entries(tested).map(([experiment, label]) => [
        label,
        ...precisions.map((precision) => accuracy(of(reports, experiment, precision)) || '-'),
      ]),
    ),
    speechAblations: table(
      ['SNN, mp16-8', 'test %'],
      Object.entries(ablations).map(([experiment, label]) => [
        label,
        accuracy(of(reports, experiment, 'mp16-8')) || '-',
      ]),
    ),
    speechSpeakers: speakersTable(validated),
  };
}

/** What a sample takes by these rules. */
export const speechCostTables = (reports: readonly Report[]): Record<string, string> => ({
  speechCosts: costsTable(reports),
});

/** Accuracies on the speakers that are left out in turn, by the settings that were tried. */
function speakersTable(validated: readonly Report[]): string {
  const rows = new Map<string, Map<number, number[]>>();
  const speakers = new Set<number>();
  for (const report of validated) {
    const { experiment, precision, settings, epochs, encoder, validation } = report.provenance;
    const [speaker, another] = validation?.speakers ?? [];
    const share = scoredPhase(report).phase.accuracy;
    if (!experiment.startsWith('speech-') || speaker === undefined || another !== undefined || share === null)
      continue;
    speakers.add(speaker);
    const own = settings.length === 0 ? '' : `, \`${settings.join(' ')}\``;
    const key = JSON.stringify([experiment, precision, epochs, encoder, own]);
    const row = rows.get(key) ?? new Map<number, number[]>();
    rows.set(key, row);
    row.set(speaker, [...(row.get(speaker) ?? []), share]);
  }
  const columns = [...speakers].sort((a, b) => a - b);
  const kinds = [...rows].map(([key, row]) => {
    const [experiment, precision, epochs, , own] = JSON.parse(key) as [
      string,
      string,
      number,
      string,
      string,
    ];
    return { label: `${experiment}, ${precision}, ${epochs} epochs`, own, row };
  });
  return table(
    ['left out', ...columns.map((speaker) => `speaker ${speaker}`), 'mean'],
    kinds.map(({ label, own, row }) => {
      const isAlone = kinds.filter((kind) => kind.label === label).length === 1;
      const means = columns.map((speaker) => spread(row.get(speaker) ?? []).mean);
      const all = means.flatMap((mean) => mean ?? []);
      return [
        isAlone ? label : `${label}${own}`,
        ...means.map((mean) => percent(mean)),
        percent(all.length === columns.length ? spread(all).mean : null),
      ];
    }),
  );
}

const whole = (value: number): string => Math.round(value).toLocaleString('en').replaceAll(',', ' ');
const microjoules = (energyPj: number): string => (energyPj / 1e6).toPrecision(3);

/** What a sample and the state take at mp16-8, seed 1. */
function costsTable(reports: readonly Report[]): string {
  return table(
    [
      'mp16-8, seed 1',
      'input rows',
      'weights',
      'bits a synapse',
      'bits a hidden neuron',
      'synaptic operations, train',
      'weight updates',
      'µs, train',
      'µJ, train',
      'synaptic operations, test',
      'µs until the answer',
      'µJ, test',
    ],
    costed.flatMap((experiment) => {
      const report = of(reports, experiment, 'mp16-8').find(({ provenance }) => provenance.seed === 1);
      const [train, test] = [report?.train.perSample, report?.test?.perSample];
      if (report === undefined || train == null || test == null) return [];
      const { network, memory } = report;
      const fields = memory.fields.map(({ name, ...field }) => {
        const [owner = '', item = ''] = name.split('.');
        return { owner, item, ...field };
      });
      const sizeOf = (wanted: string) =>
        network.populations.find(({ name }) => name === wanted)?.size ?? Number.NaN;
      const bitsOf = (isOwner: (owner: string) => boolean) =>
        fields
          .filter(({ owner, item }) => isOwner(owner) && item !== 'delayed')
          .reduce((sum, { totalBits }) => sum + totalBits, 0);
      const weightsOf = (isOwner: (owner: string) => boolean) =>
        fields
          .filter(({ owner, item }) => item === 'weight' && isOwner(owner))
          .reduce((sum, { count }) => sum + count, 0);
      // Inputs may come in several projections, one for each delay.
      const isFirst = (owner: string) => owner.startsWith('inputToHidden');
      return [
        [
          experiment,
          whole(sizeOf(network.input)),
          // Outputs that hear each other need no weights.
          whole(weightsOf((owner) => owner !== 'outputToOutput')),
          whole(bitsOf(isFirst) / weightsOf(isFirst)),
          whole(bitsOf((owner) => owner === 'hidden') / sizeOf('hidden')),
          whole(train.counters.sops),
          whole(train.counters.updates),
          whole(train.latencyNs / 1000),
          microjoules(known(train.energyPj.total)),
          whole(test.counters.sops),
          whole(test.latencyNs / 1000),
          microjoules(known(test.energyPj.total)),
        ],
      ];
    }),
  );
}
