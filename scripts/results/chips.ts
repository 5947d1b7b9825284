import { type Report, spread } from '../../src/report/index.ts';
import { accuracy, of, table } from './common.ts';

interface OdinEncoder {
  readonly odin: Readonly<Record<string, number>>;
}

/** What was compared on the validation split for ODIN: what was varied of how it is taught, with its accuracy there. */
export function odinValidationTable(reports: readonly Report[]): string {
  const taught = reports.flatMap((report) =>
    report.provenance.experiment === 'odin-mnist'
      ? [{ report, keys: Object.entries((JSON.parse(report.provenance.encoder) as OdinEncoder).odin) }]
      : [],
  );
  /** Of each key the value that most runs have. */
  const usual = new Map<string, number>();
  for (const [key] of taught[0]?.keys ?? []) {
    const values = taught.map(({ keys }) => new Map(keys).get(key) ?? Number.NaN);
    const countOf = (value: number) => values.filter((other) => other === value).length;
    usual.set(
      key,
      values.reduce((best, value) => (countOf(value) > countOf(best) ? value : best)),
    );
  }
  const rows = new Map<string, Report[]>();
  for (const { report, keys } of taught) {
    const varied = keys.filter(([key, value]) => usual.get(key) !== value);
    const name =
      varied.length === 0 ? 'as it is' : varied.map(([key, value]) => `${key} ${value}`).join(', ');
    rows.set(name, [...(rows.get(name) ?? []), report]);
  }
  return table(
    ['how it is taught', 'validation %'],
    [...rows].map(([name, own]) => [name, accuracy(own)]),
  );
}

/** Digits on ODIN, beside what its paper states. */
export function odinTable(reports: readonly Report[]): string {
  const own = of(reports, 'odin-mnist', 'own');
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
  const own = of(reports, 'reckon-cue', 'own');
  const mean = (values: readonly (number | undefined)[], scale: number, digits: number): string => {
    const found = spread(values.flatMap((value) => value ?? []));
    return found.mean === null ? '-' : (found.mean / scale).toFixed(digits);
  };
  const tested = own.map(({ test }) => test?.perSample);
  const trained = own.map(({ train }) => train.perSample);
  const perTick = tested.map((sample) =>
    sample == null || sample.counters.steps === 0 ? undefined : sample.energyPj.total / sample.counters.steps,
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
