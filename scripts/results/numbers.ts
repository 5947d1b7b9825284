import { type Report, scoredPhase, spread } from '../../src/report/index.ts';
import { known, of, ofSeeds, precisions, table } from './common.ts';

/** The Mackey-Glass series, at each precision. */
export function numbersTables(reports: readonly Report[]): Readonly<Record<string, string>> {
  const rows = precisions.flatMap((precision) => {
    const own = of(reports, 'mackey-glass', precision);
    const cell = (digits: number, figureOf: (report: Report) => number | null | undefined): string => {
      const { n, mean, standardDeviation } = spread(own.flatMap((report) => figureOf(report) ?? []));
      return mean === null
        ? '-'
        : `${mean.toFixed(digits)} ± ${standardDeviation?.toFixed(digits) ?? '-'}${ofSeeds(n)}`;
    };
    if (own.length === 0) return [];
    return [
      [
        `mackey-glass, ${precision}`,
        cell(2, (report) => scoredPhase(report).phase.regression?.sMAPE),
        cell(3, (report) => scoredPhase(report).phase.regression?.R2),
        cell(1, (report) => energyOf(report)),
      ],
    ];
  });
  return { mackeyGlass: table(['answers', 'sMAPE', 'R2', 'nJ an inference'], rows) };
}

function energyOf(report: Report): number | undefined {
  const { perSample } = scoredPhase(report).phase;
  return perSample === null ? undefined : known(perSample.energyPj.total) / 1e3;
}
