import { type Report, spread } from '../../src/report/index.ts';
import { accuracy, known, of, table } from './common.ts';

/** Cue accumulation. */
export const reckonTables = (reports: readonly Report[]): Record<string, string> => ({
  reckon: cueTable(reports),
});

/** Cue accumulation on ReckOn, beside the figures of its paper for navigation. */
function cueTable(reports: readonly Report[]): string {
  const own = of(reports, 'reckon-cue', 'own');
  const mean = (values: readonly (number | null | undefined)[], scale: number, digits: number): string => {
    const found = spread(values.flatMap((value) => value ?? []));
    return found.mean === null ? '-' : (found.mean / scale).toFixed(digits);
  };
  const tested = own.map(({ test }) => test?.perSample);
  const trained = own.map(({ train }) => train.perSample);
  const perTick = tested.map((sample) =>
    sample == null || sample.counters.steps === 0
      ? undefined
      : known(sample.energyPj.total) / sample.counters.steps,
  );
  return table(
    [
      'ReckOn',
      'test %',
      'nJ a tick of inference',
      'µJ an inference',
      'µJ a sample learned',
      'ms an inference',
    ],
    [
      [
        'here, cue accumulation',
        accuracy(own) || '-',
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
