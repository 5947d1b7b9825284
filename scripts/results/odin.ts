import { type Report, spread } from '../../src/report/index.ts';
import { accuracy, of, table } from './common.ts';

/** Digits on ODIN. */
export const odinTables = (reports: readonly Report[]): Record<string, string> => ({
  odin: digitsTable(reports),
});

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
