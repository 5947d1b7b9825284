/** Reports: the priced counters of a run, memory and its savings, NeuroBench metrics, CSV files. */

export { chipReport } from './chip.ts';
export { coreReport, networkReport } from './core.ts';
export { type Crossing, crossing, type Working } from './crossing.ts';
export { type Compared, type DifferencePart, type Differing, difference } from './difference.ts';
export {
  type Drift,
  driftJson,
  driftRemarks,
  type LayerDrift,
  readDrift,
  type SampleDrift,
} from './drift.ts';
export * from './explore.ts';
export { htmlReport, reportPage } from './html/index.ts';
export type { RunFolder } from './html/input.ts';
export { fp32Sizes, memoryOf } from './memory.ts';
export { type Activity, membranesOf, neuroBench } from './neurobench.ts';
export type { Outcome } from './outcome.ts';
export { type PhaseCounts, phaseReport } from './phase.ts';
export { isAboutPrice, priceRemarks } from './remarks.ts';
export { formatReport, makeReport, scoredPhase } from './report.ts';
export { type RunCounts, reprice, sumOfEpochs } from './reprice.ts';
export {
  type Basis,
  bases,
  type CoreReport,
  type EpochReport,
  type FieldMemory,
  type KernelCounts,
  type MemoryReport,
  type NetworkReport,
  type NeuroBench,
  type PhaseReport,
  type Remark,
  type Report,
  type ReportProvenance,
  reportFault,
  reportJsonSchema,
  type Saving,
  type Timing,
} from './schema.ts';
export { isSharedRun, sharedRunMessage } from './shared-run.ts';
export { mean, type Spread, shareOfMostFrequent, spread } from './statistics.ts';
export { type StepReport, stepReport } from './step.ts';
export {
  type Axis,
  type CellStatus,
  type DesignKey,
  type DesignSummary,
  type Figures,
  figureAt,
  figures,
  makeSweep,
  type Sweep,
  type SweepResult,
  type SweepRow,
  shownValue,
  summaryCsv,
} from './sweep.ts';
export { historyCsv, predictionsCsv, stepsCsv } from './text/csv.ts';
export { driftLayersCsv, driftSamplesCsv } from './text/drift-csv.ts';
export { exploreCsv } from './text/explore-csv.ts';
export { amount, duration, energy, grouped, percent, quantity, time } from './text/format.ts';
