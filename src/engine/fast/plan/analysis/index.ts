/** What is known of a kernel before its code is written: its columns, ranges of values, vectors, batches. */

export { areSpikesBatched, batchedKernels, isBatchable, residentFields } from './batch.ts';
export { blockOf, columnsOf, hasOneRow, paddedColumns, populationColumns, unitOf } from './columns.ts';
export { planSegments, type Segmentation, segmentationOf, segmentBlockOf } from './segments.ts';
export { findUnchanged } from './unchanged.ts';
