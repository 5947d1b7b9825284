/** What a page shows of data. Like those of a page, these types name nothing of the charts. */
import type { LabelledSet } from '../../data/index.ts';
import type { ColumnTable } from '../text/columns.ts';

/** A table that can be saved as CSV. */
export interface DataTable extends ColumnTable {
  readonly id: string;
  readonly caption: string;
  /** On a narrow screen, its rows become lists of heads and cells, so that nothing lies beyond the edge. */
  readonly isStacked?: boolean | undefined;
}

/** What is known of a data set. */
export interface DataSubject {
  readonly title: string;
  readonly about: string;
  /** What was put right, left out, or would spoil a result. */
  readonly notes: readonly string[];
  readonly tables: readonly DataTable[];
  readonly sets: readonly LabelledSet[];
  readonly classNames?: readonly string[] | undefined;
}
