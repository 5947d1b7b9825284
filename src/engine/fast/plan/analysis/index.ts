/** What is known of a kernel before its code is written: its columns, ranges of values, vectors, batches. */

export { batchedKernels, isBatchable, postFields, staysInColumns } from './batch.ts';
export { blockOf, columnsOf, hasOneRow, paddedColumns, populationColumns, unitOf } from './columns.ts';
export { type ChosenMode, chooseMode, type Mode } from './mode.ts';
export { type Part, partsOf } from './parts.ts';
export { findOfRow, findUniform } from './same-values.ts';
export { type Segmentation, segmentationOf, segmentationOfProjection, segmentBlockOf } from './segments.ts';
export { findUnchanged } from './unchanged.ts';
