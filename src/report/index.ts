/** Reports: the priced counters of a run, memory and its savings, NeuroBench metrics, CSV files. */

export { chipReport } from './chip.ts';
export { coreReport, networkReport } from './core.ts';
export { crossing, type InferenceCost } from './crossing.ts';
export { type DesignFeatures, type DifferencePart, difference } from './difference.ts';
export * from './drift.ts';
export * from './explore.ts';
export {
  type ExploredFigures,
  type FigureSpreads,
  figureAt,
  figureSpreads,
  isUnknown,
  meansOf,
  noFigures,
} from './figures.ts';
export { type Costs, dominates, frontOf } from './front.ts';
export { htmlReport, reportPage } from './html/index.ts';
export type { RunFolder } from './html/input.ts';
export { hasEnergies, knownEnergyPj, shareOfPj } from './known.ts';
export type { LifeOutcome } from './life.ts';
export { fp32Sizes, memoryOf } from './memory.ts';
export { membranesOf, neuroBench } from './neurobench.ts';
export { phaseReport } from './phase.ts';
export { regressionOf } from './regression.ts';
export { isAboutPrice, priceRemarks } from './remarks.ts';
export { formatReport, makeReport, scoredPhase } from './report.ts';
export { type RunCounts, reprice, sumOfEpochs } from './reprice.ts';
export {
  type Basis,
  type CoreReport,
  type MemoryReport,
  type NetworkReport,
  type NeuroBench,
  type PhaseReport,
  type Remark,
  type Report,
  reportFault,
  reportJsonSchema,
  type Saving,
  type Timing,
} from './schema.ts';
export { isSharedRun, sharedModel, sharedRunMessage } from './shared-run.ts';
export { mean, pooledSpread, shareOfMostFrequent, shareVariance, spread } from './statistics.ts';
export { type StepReport, stepReport } from './step.ts';
export {
  type Axis,
  type DesignKey,
  type DesignSummary,
  makeSweep,
  type Sweep,
  type SweepResult,
  type SweepRow,
  shownValue,
  summaryCsv,
} from './sweep.ts';
export { historyCsv, lifeCsv, numbersCsv, predictionsCsv, stepsCsv } from './text/csv.ts';
export { exploreCsv, sweepDesignsCsv } from './text/designs-csv.ts';
export { driftLayersCsv, driftSamplesCsv } from './text/drift-csv.ts';
export { amount, duration, energy, grouped, percent, time, unknown, within } from './text/format.ts';
