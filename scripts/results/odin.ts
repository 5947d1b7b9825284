import { type Report, spread } from '../../../src/report/index.ts';
import { accuracy, of, table } from '../common.ts';
import type { ChipTables } from './tables.ts';

/** Tables of RESULTS.md. */
export const chipTables: ChipTables = ({ tested, validated }) => ({
  odin: digitsTable(tested),
  odinValidation: validationTable(validated),
});

interface OdinEncoder {
  readonly odin: Readonly<Record<string, number>>;
}

/** Ways to teach ODIN, compared on the validation split, with the accuracy of each. */
function validationTable(reports: readonly Report[]): string {
  const taught = reports.flatMap((report) =>
    report.provenance.experiment === 'odin-mnist'
      ? [{ report, keys: Object.entries((JSON.parse(report.provenance.encoder) as OdinEncoder).odin) }]
      : [],
  );
  /** For each key, its most frequent value among the runs. */
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

/** Digits on ODIN, beside the figures of its paper. */
function digitsTable(reports: readonly Report[]): string {
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
