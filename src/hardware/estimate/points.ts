import type { Point } from './estimator.ts';

const waysToCheck: readonly Point['checked'][] = ['primary', 'secondary', 'memory'];

/** A file of `hw-models/points`: its sources by name, and its tables, of which each row names its source. */
type Sources = Readonly<Record<string, { readonly cite: string; readonly checked: string }>>;

/** The rows of a table of published figures, each with the citation of its source. */
export function cited<Row extends { readonly source: string }>(
  { sources }: { readonly sources: Sources },
  rows: readonly Row[],
): readonly (Row & Pick<Point, 'cite' | 'checked'>)[] {
  return rows.map((row) => {
    const { cite, checked: how } = sources[row.source] ?? {};
    const checked = waysToCheck.find((way) => way === how);
    if (cite === undefined || checked === undefined)
      throw new Error(`published figures: the source '${row.source}' has no citation, or nobody has read it`);
    return { ...row, cite, checked };
  });
}
