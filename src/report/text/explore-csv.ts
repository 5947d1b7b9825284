import type { Exploration, ExploredFigures } from '../explore.ts';
import { noFigures } from '../explore.ts';
import { shownValue } from '../sweep.ts';
import { csv } from './csv.ts';

const figureNames = Object.keys(noFigures) as (keyof ExploredFigures)[];

/**
 * `explore.csv`: a line for each design. The columns are `design`, `precision`, one for each axis under its path, `status`,
 * `onFront`, `frontShare`, the figures, `reason` and `remarks`; missing values are empty.
 */
export function exploreCsv({ axes, designs }: Exploration): string {
  const paths = axes.map(({ path }) => path).filter((path) => path !== 'precision');
  return csv([
    ['design', 'precision', ...paths, 'status', 'onFront', 'frontShare', ...figureNames, 'reason', 'remarks'],
    ...designs.map((design) => [
      design.name,
      design.precision,
      ...paths.map((path) => shownValue(design.values[path])),
      design.status,
      design.onFront ? 1 : 0,
      design.frontShare ?? '',
      ...figureNames.map((name) => design.figures[name] ?? ''),
      design.reason ?? '',
      design.remarks.map(({ text }) => text).join('; '),
    ]),
  ]);
}
