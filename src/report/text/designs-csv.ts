import type { Exploration, ExploredDesign } from '../explore.ts';
import { type FigureSpreads, figureSpreads, meansOf, noFigures } from '../figures.ts';
import { type Axis, type DesignKey, type Sweep, shownValue } from '../sweep.ts';
import { csv } from './csv.ts';

/** A design of any study, as a line of a table. */
interface DesignLine extends DesignKey, Pick<ExploredDesign, 'name' | 'figures' | 'reason' | 'remarks'> {
  readonly status: string;
  readonly onFront: 0 | 1 | undefined;
  readonly frontShare: number | null;
  readonly standing: ExploredDesign['standing'];
  readonly constraintShare: number | null;
  readonly accuracyError: number | null;
  /** Runs that the means are over. */
  readonly n: number;
  readonly spreads: FigureSpreads;
}

type FigureName = keyof FigureSpreads;
const names = Object.keys(noFigures) as FigureName[];
/** Area and memory are the same for all seeds. */
const seeded = names.filter((name) => !['areaUm2', 'bits', 'inferenceBits'].includes(name));

/** Of a design that is not compared. */
const noFront = {
  onFront: undefined,
  frontShare: null,
  standing: null,
  constraintShare: null,
  accuracyError: null,
} as const;

/** Those of a single seed. */
const noSpreads = figureSpreads(() => []);

/** `designs.csv` of a sweep, with the columns of {@link exploreCsv}. A sweep has no front: those columns are empty. */
export function sweepDesignsCsv({ axes, scoredOn, designs }: Sweep): string {
  const lines = designs.map((design): DesignLine => {
    const figures = meansOf(design.spreads);
    const { n } = design.spreads.bits;
    return { ...design, ...noFront, figures, n };
  });
  return designsCsv(axes, scoredOn, lines);
}

/**
 * `explore.csv`: a line for each design. The columns are `design`, `precision`, one for each axis under its path,
 * `status`, `onFront`, `frontShare`, the means of the figures over the seeds, `reason`, `remarks`, `scoredOn`, the
 * number `n` of seeds, for the figures that depend on the seed the standard deviation of the sample and the standard
 * error of the mean over the seeds, such as `accuracySd` and `accuracySe`, then `standing`, `constraintShare` and
 * `accuracyError`, which counts samples and seeds; missing values are empty.
 */
export function exploreCsv({ axes, scoredOn, designs }: Exploration): string {
  const lines = designs.map((design): DesignLine => {
    const { onFront, run, spreads = noSpreads } = design;
    const n = run === null ? 0 : Math.max(1, spreads.bits.n);
    return { ...design, onFront: onFront ? 1 : 0, n, spreads };
  });
  const varied = axes.filter(({ path }) => path !== 'precision');
  return designsCsv(varied, scoredOn, lines);
}

function designsCsv(axes: readonly Axis[], scoredOn: string, lines: readonly DesignLine[]): string {
  const paths = axes.map(({ path }) => path);
  const spreadNames = seeded.flatMap((name) => [`${name}Sd`, `${name}Se`]);
  return csv([
    [
      ...['design', 'precision', ...paths, 'status', 'onFront', 'frontShare', ...names, 'reason', 'remarks'],
      ...['scoredOn', 'n', ...spreadNames, 'standing', 'constraintShare', 'accuracyError'],
    ],
    ...lines.map((line) => [
      line.name,
      line.precision,
      ...paths.map((path) => shownValue(line.values[path])),
      line.status,
      line.onFront ?? '',
      line.frontShare ?? '',
      ...names.map((name) => line.figures[name] ?? ''),
      line.reason ?? '',
      line.remarks.map(({ text }) => text).join('; '),
      scoredOn,
      line.n,
      ...seeded.flatMap((name) => {
        const { standardDeviation, standardError } = line.spreads[name];
        return [standardDeviation ?? '', standardError ?? ''];
      }),
      line.standing ?? '',
      line.constraintShare ?? '',
      line.accuracyError ?? '',
    ]),
  ]);
}
