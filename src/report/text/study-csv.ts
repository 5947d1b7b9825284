import { figureNames } from '../figures.ts';
import { lifeMetricNames } from '../life.ts';
import type { DesignKey, StudyReport } from '../schema-study.ts';
import { shownValue } from '../studied.ts';
import { csv } from './csv.ts';

/** Area and memory are the same for all seeds. */
const seeded = figureNames.filter((name) => !['areaUm2', 'bits', 'inferenceBits'].includes(name));

/** The paths of all axes but the precision, and the values of a design on them. */
function varied({ axes }: StudyReport): {
  readonly paths: readonly string[];
  readonly of: (design: DesignKey) => readonly string[];
} {
  const paths = axes.flatMap(({ path }) => (path === 'precision' ? [] : [path]));
  return { paths, of: ({ values }) => paths.map((path) => shownValue(values[path])) };
}

/**
 * `designs.csv`: a line for each design. The columns are `design`, `precision`, one for each axis under its path,
 * `status`, `onFront`, `frontShare`, the means of the figures over the seeds, `reason`, `remarks`, `scoredOn`, the
 * number `n` of seeds, for the figures that depend on the seed the standard deviation of the sample and the standard
 * error of the mean over the seeds, such as `accuracySd` and `accuracySe`, then `standing`, `constraintShare` and
 * `accuracyError`, which counts samples and seeds; missing values are empty. A study without objectives has no front:
 * those columns are empty.
 */
export function designsCsv(study: StudyReport): string {
  const { paths, of } = varied(study);
  const spreadNames = seeded.flatMap((name) => [`${name}Sd`, `${name}Se`]);
  const hasFront = study.objectives.length > 0;
  return csv([
    [
      ...['design', 'precision', ...paths, 'status', 'onFront', 'frontShare', ...figureNames, 'reason'],
      ...['remarks', 'scoredOn', 'n', ...spreadNames, 'standing', 'constraintShare', 'accuracyError'],
    ],
    ...study.designs.map((design) => [
      design.name,
      design.precision,
      ...of(design),
      design.status,
      hasFront ? Number(design.onFront) : '',
      design.frontShare ?? '',
      ...figureNames.map((name) => design.figures[name] ?? ''),
      design.reason ?? '',
      design.remarks.map(({ text }) => text).join('; '),
      study.scoredOn,
      design.n,
      ...seeded.flatMap((name) => {
        const { standardDeviation = null, standardError = null } = design.spreads?.[name] ?? {};
        return [standardDeviation ?? '', standardError ?? ''];
      }),
      design.standing ?? '',
      design.constraintShare ?? '',
      design.accuracyError ?? '',
    ]),
  ]);
}

/**
 * `cells.csv`: a line for each cell of a sweep; missing values are empty. The columns are `design`, `precision`, one
 * for each axis under its path, `seed`, `run`, `status`, `scoredOn`, the figures, of regressions and of lives their
 * figures, `reason` and `remarks`.
 */
export function cellsCsv(study: StudyReport): string {
  const { paths, of } = varied(study);
  const { scoredOn, cells = [] } = study;
  const numbers = cells.some(({ regression }) => regression !== undefined) ? (['sMAPE', 'R2'] as const) : [];
  const metrics = cells.some(({ life }) => life !== undefined) ? lifeMetricNames : [];
  return csv([
    [
      ...['design', 'precision', ...paths, 'seed', 'run', 'status', 'scoredOn', ...figureNames],
      ...[...numbers, ...metrics, 'reason', 'remarks'],
    ],
    ...cells.map((cell) => [
      cell.design,
      cell.precision,
      ...of(cell),
      cell.seed ?? '',
      cell.run ?? '',
      cell.status,
      scoredOn,
      ...figureNames.map((name) => cell.figures[name] ?? ''),
      ...numbers.map((metric) => cell.regression?.[metric] ?? ''),
      ...metrics.map((metric) => cell.life?.[metric] ?? ''),
      cell.reason ?? '',
      cell.remarks.map(({ text }) => text).join('; '),
    ]),
  ]);
}
