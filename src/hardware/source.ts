import * as z from 'zod';
import { nonNegative, strictObject, type ValueOf } from '../text/index.ts';

/** The kinds of figures allowed in an hw-model. */
export const sourceKinds = ['measured', 'simulated', 'synthesised', 'fitted', 'derived'] as const;
/** The kind of figures that an estimator gives. */
export const estimatedKind = 'estimated';
/** The kind of a figure that is stated without a source in place of an estimate, such as by `--set`. */
export const unsourcedKind = 'without a source';
/** The kind of any figure, whatever its source, that is used with a shape other than the one it was stated for. */
export const otherShapeKind = 'stated for another shape';
/** All kinds of figures in a cost table. */
export const figureKinds = [...sourceKinds, estimatedKind, unsourcedKind, otherShapeKind] as const;
export type SourceKind = (typeof figureKinds)[number];

const intervalSchema = strictObject({ low: nonNegative, high: nonNegative });
/** The factors of a figure between which its true value lies: from `low` times the figure to `high` times it. */
export type Interval = ValueOf<typeof intervalSchema>;

export const sourceSchema = strictObject({
  /** Its name in `sources` of the hw-model. Errors of figures of one source are fully correlated. */
  name: z.string(),
  /** Author, title, venue, table or page. */
  cite: z.string(),
  kind: z.enum(figureKinds),
  checked: z.enum(['primary', 'secondary', 'memory']),
  interval: intervalSchema,
});
/** How a figure was obtained, and whether it was read in its primary source. */
export type Source = ValueOf<typeof sourceSchema>;
