import { coreImageOf } from '../../src/image/index.ts';
import { microcodeUnit, scheduleMicrocode } from '../../src/microcode/index.ts';
import { energy, type Report, spread, within } from '../../src/report/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { accuracy, precisions as allPrecisions, known, percent, table } from './common.ts';
import { imageOf } from './kept.ts';

/** Rules in the order of the page: what it calls each, and the accuracy of NeuroTrain where it has that rule. */
type Rules = Readonly<Record<string, { readonly name: string; readonly published?: number }>>;

const digits: Rules = {
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
  'mnist-sample-credit': { name: 'credit for the sample' },
  'mnist-gomez-tang': { name: 'Gomez and Tang' },
  'mnist-class-pools': { name: 'class pools' },
};

const sequences: Rules = {
  'braille-recurrent': { name: 'credit for the sample' },
  'braille-replay': { name: 'the same, presented twice' },
  'braille-e-prop': { name: 'e-prop' },
  'braille-every-step': { name: 'bundled' },
  braille: { name: 'credit, six fixed delays' },
  'braille-delays': { name: 'credit, delays that learn' },
};

const heartbeats: Rules = {
  ecg: { name: 'e-prop' },
  'ecg-seldom': { name: 'e-prop, every eighth step' },
  'ecg-every-step': { name: 'bundled' },
};

/** Those of all rules; a few rules have run at the others. */
const precisions = ['mp16-8', 'mp8-8'];
const integerPrecisions = allPrecisions.filter((name) => name !== 'fp32');

/** What each rule reaches and takes: digits in the network 784-256-10, Braille and heartbeats in recurrent ones. */
export function rulesTables(reports: readonly Report[]): Record<string, string> {
  const by = (experiments: RegExp) =>
    reports.filter(({ provenance }) => experiments.test(provenance.experiment ?? ''));
  const [ofPictures, ofSequences] = [by(/^rules-mnist$/), by(/^(rules-braille|braille-delays)$/)];
  const ofClothes = ofPictures.filter(isOfClothes);
  const ofDigits = ofPictures.filter((report) => !isOfClothes(report));
  const [ofValues, ofHeartbeats] = [by(/^rules-braille-values$/), by(/^ecg$/)];
  return {
    ...(ofDigits.length > 0 && {
      rules: overview(ofDigits, digits, onClothes(ofClothes)),
      rulesFront: front(ofDigits, digits),
      rulesPrecisions: byPrecision(ofDigits, digits),
    }),
    ...(ofSequences.length > 0 && { sequences: overview(ofSequences, sequences, onValues(ofValues)) }),
    ...(ofHeartbeats.length > 0 && { heartbeats: overview(ofHeartbeats, heartbeats, heldOut(ofHeartbeats)) }),
  };
}

const isOfClothes = ({ provenance }: Report): boolean => /^fashion/.test(provenance.data.name);

const runsOf = (reports: readonly Report[], program: string, precision: string): readonly Report[] =>
  reports.filter(({ provenance }) => provenance.program === program && provenance.precision === precision);

type Column = readonly [head: string, of: (program: string) => string];

/** What a table has beside what all have. */
interface Own {
  /** The accuracy of runs of a rule at a precision; by default, on the test set. */
  readonly accuracyOf?: (runs: readonly Report[]) => string;
  /** More columns, by their heads: what stands there of a program. */
  readonly columns?: readonly Column[];
}

/** Accuracies at both precisions, beside the published one, and what learning takes at the first. */
function overview(reports: readonly Report[], rules: Rules, { accuracyOf = tested, columns = [] }: Own = {}) {
  const isPublished = Object.values(rules).some(({ published }) => published !== undefined);
  const rows = Object.entries(rules).flatMap(([program, { name, published }]) => {
    const [first] = runsOf(reports, program, 'mp16-8');
    if (first === undefined) return [];
    const { counters, energyPj } = learntBy(first);
    return [
      [
        name,
        ...precisions.map((precision) => accuracyOf(runsOf(reports, program, precision))),
        ...(isPublished ? [published?.toFixed(1) ?? ''] : []),
        ...bitsOf(first),
        Math.round(counters.updates).toLocaleString('en'),
        Math.round(counters.cycles).toLocaleString('en'),
        within(energyPj.total, energyPj.interval, energy),
        ...(isPublished ? [energyTo(wanted, first), wordsOf(first)] : []),
        ...columns.map(([, of]) => of(program)),
      ],
    ];
  });
  const figures = ['bits/synapse', 'bits/neuron', 'updates', 'cycles', 'energy'];
  const head = isPublished ? ['NeuroTrain', ...figures, `to ${100 * wanted} %`, 'words'] : figures;
  return table(['rule', ...precisions, ...head, ...columns.map(([name]) => name)], rows);
}

/** Accuracy at each precision on other data, named in the heads. */
const accuraciesOn = (data: string, reports: readonly Report[]): Column[] =>
  precisions.map((precision) => [
    `${data}: ${precision}`,
    (program) => tested(runsOf(reports, program, precision)),
  ]);

const onClothes = (reports: readonly Report[]): Own =>
  reports.length > 0 ? { columns: accuraciesOn('Fashion', reports) } : {};

/** Accuracy, and energy of a sample while learning, where the same rules read values in place of events. */
function onValues(reports: readonly Report[]): Own {
  const energyOf = (program: string): string => {
    const [first] = runsOf(reports, program, 'mp16-8');
    return first === undefined ? '' : energy(known(learntBy(first).energyPj.total));
  };
  return {
    columns: reports.length > 0 ? [...accuraciesOn('values', reports), ['values: energy', energyOf]] : [],
  };
}

/** Accuracies of the rules that have run at more precisions than all have. */
function byPrecision(reports: readonly Report[], rules: Rules): string {
  const rows = Object.entries(rules).flatMap(([program, { name }]) => {
    const cells = integerPrecisions.map((precision) => accuracy(runsOf(reports, program, precision)));
    return cells.filter((cell) => cell !== '').length > precisions.length ? [[name, ...cells]] : [];
  });
  return table(['rule', ...integerPrecisions], rows);
}

/** Settings and passes were chosen on recordings held out; what has been scored on others stands beside. */
const heldOut = (reports: readonly Report[]): Own => ({
  accuracyOf: (runs) =>
    runs
      .map(({ train }) => percent(Math.max(...train.history.map((pass) => pass.validationAccuracy ?? 0))))
      .join(' and '),
  columns: [
    [
      'test',
      (program) => tested(runsOf(reports, program, 'mp16-8').filter(({ test }) => test !== undefined)),
    ],
  ],
});

/** Accuracy on the test set. A single run has no deviation. */
const tested = (runs: readonly Report[]): string =>
  runs.length === 1 ? percent(runs[0]?.test?.accuracy ?? null) : accuracy(runs);

/** Rules that nobody should use: another one is more accurate, and takes less. */
function front(reports: readonly Report[], rules: Rules): string {
  const points = integerPrecisions.flatMap((precision) =>
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

/** The share of right answers, while it learns, to which energies are compared. */
const wanted = 0.98;

/** Energy of the passes until one is answered so well; nothing where none is. */
function energyTo(share: number, report: Report): string {
  const { history } = report.train;
  const pass = history.findIndex(({ accuracy: right }) => right !== null && right >= share);
  const samples = history.slice(0, pass + 1).reduce((sum, epoch) => sum + epoch.samples, 0);
  return pass < 0 ? '-' : energy(samples * known(learntBy(report).energyPj.total));
}

/** Bits of all fields of a synapse of the first layer, and of a neuron that it leads to. */
function bitsOf({ memory }: Report): string[] {
  const weights = memory.fields.find(({ name }) => /^inputTo\w+\.weight$/.test(name));
  if (weights === undefined) throw new Error('a network without a first layer');
  const synapses = weights.name.replace('.weight', '');
  const neurons = synapses.replace(/^inputTo(.)/, (_, letter: string) => letter.toLowerCase());
  return [synapses, neurons].map((owner) =>
    String(
      memory.fields
        .filter(({ name }) => name.startsWith(`${owner}.`))
        .reduce((sum, { bitsPerItem }) => sum + bitsPerItem, 0),
    ),
  );
}

/** Words of microcode, as `inspect --microcode` prints them; nothing where a kernel has lines that no word does. */
function wordsOf(report: Report): string {
  const image = coreImageOf(imageOf(report));
  try {
    const words = image.kernels.map(
      (kernel) => scheduleMicrocode(kernel, image, microcodeUnit).intervalCycles,
    );
    return String(words.reduce((sum, count) => sum + count, 0));
  } catch (error) {
    if (error instanceof PlasticoreError && error.code === 'fit') return '-';
    throw error;
  }
}
