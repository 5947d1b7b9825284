import { type Report, spread } from '../../src/report/index.ts';
import { accuracy, known, table } from './common.ts';

/** A network from elsewhere whose digits are turned, as it was imported and after learning. */
export function transferTables(reports: readonly Report[]): Record<string, string> {
  const row = (label: string, runs: readonly Report[]): string[][] => {
    if (runs.length === 0) return [];
    const microjoules = (of: (report: Report) => Report['train']['perSample'] | undefined): string => {
      const { mean } = spread(runs.flatMap((run) => of(run)?.energyPj.total ?? []).map(known));
      return mean === null ? '-' : (mean / 1e6).toPrecision(3);
    };
    return [
      [
        label,
        accuracy(runs),
        microjoules(({ train }) => train.perSample),
        microjoules(({ test }) => test?.perSample),
      ],
    ];
  };
  const learned = (has: boolean) => reports.filter(({ provenance }) => provenance.epochs > 0 === has);
  return {
    transfer: table(
      ['digits turned by 30 degrees', 'test %', 'µJ a sample learned', 'µJ an inference'],
      [...row('as imported', learned(false)), ...row('after its last layer has learnt', learned(true))],
    ),
  };
}
