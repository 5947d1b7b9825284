import { type Report, scoredPhase, spread } from '../../src/report/index.ts';

/** Of how many seeds a figure is, behind it; five go without saying. */
export const ofSeeds = (n: number): string => (n === 5 ? '' : ` (${n})`);

/** Precisions in the order of the published tables. */
export const precisions = ['mp8-4', 'mp8-8', 'mp16-4', 'mp16-8', 'mp16-12', 'mp16-16', 'fp32'];

/**
 * The runs of an experiment at a precision.
 *
 * @throws Error if they are of different kinds, since a mean over them would be meaningless
 */
export function of(reports: readonly Report[], experiment: string, precision: string): readonly Report[] {
  const own = reports.filter(
    ({ provenance }) => provenance.experiment === experiment && provenance.precision === precision,
  );
  const settingsOf = ({ provenance }: Report): string =>
    JSON.stringify([provenance.epochs, provenance.encoder, provenance.settings]);
  const kinds = new Set(own.map(settingsOf));
  if (kinds.size <= 1) return own;
  throw new Error(
    `${experiment} at ${precision}: runs of ${kinds.size} kinds of settings below one folder; move what a sweep varied elsewhere`,
  );
}

export const percent = (share: number | null, digits = 2): string =>
  share === null ? '-' : (100 * share).toFixed(digits);

export function accuracy(reports: readonly Report[]): string {
  const { n, mean, standardDeviation } = spread(
    reports.flatMap((report) => scoredPhase(report).phase.accuracy ?? []),
  );
  if (n === 0) return '';
  const deviation = standardDeviation === null ? '' : ` ± ${percent(standardDeviation)}`;
  return `${percent(mean)}${deviation}${ofSeeds(n)}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = `|${head.map((_, index) => (index === 0 ? '---' : '--:')).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** A figure that all runs here have: their hw-models state energies. */
export function known(figure: number | null | undefined): number {
  if (figure == null) throw new Error('a run of which nobody knows the energy');
  return figure;
}
