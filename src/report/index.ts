/** Reports: the priced counters of a run, memory and its savings, NeuroBench metrics, CSV files. */

export { areaReport, chipReport, coreReport, networkReport } from './core.ts';
export { type DesignFeatures, type DifferencePart, difference } from './difference.ts';
export * from './drift.ts';
export {
  betterOf,
  type FigureName,
  type FigureSpreads,
  type Figures,
  figureAt,
  figureNames,
  figureSpreads,
  figureUnit,
  isUnknown,
  noFigures,
  type ObjectiveName,
  objectiveNames,
  wantedFigures,
  withPower,
} from './figures.ts';
export { type Costs, dominates, frontOf, violationOf } from './front.ts';
export { dataReport, htmlReport, reportPage } from './html/index.ts';
export type { RunFolder } from './html/input.ts';
export { hasEnergies, knownEnergyPj, shareOfPj } from './known.ts';
export type { LifeOutcome } from './life.ts';
export { fp32Sizes, memoryOf } from './memory.ts';
export { membranesOf, neuroBench } from './neurobench.ts';
export { itemsThatCount, phaseReport } from './phase.ts';
export { regressionOf } from './regression.ts';
export { isAboutPrice, priceRemarks } from './remarks.ts';
export { formatReport, makeReport, type RunCounts, reprice, scoredPhase, sumOfEpochs } from './report.ts';
export {
  type Basis,
  type CoreReport,
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
export * from './schema-study.ts';
export { isSharedRun, sharedModel, sharedRunMessage } from './shared-run.ts';
export { pooledSpread, shareOfMostFrequent, shareVariance, spread } from './statistics.ts';
export { type StepReport, stepReport } from './step.ts';
export {
  figuresOfReport,
  figuresOfRun,
  type MeanFigures,
  meanFigures,
  type ReportedPhase,
  type RunFigures,
  shownValue,
} from './studied.ts';
export {
  cellsCsv,
  designsCsv,
  historyCsv,
  lifeCsv,
  numbersCsv,
  predictionsCsv,
  stepsCsv,
} from './text/csv.ts';
export { driftLayersCsv, driftSamplesCsv } from './text/drift-columns.ts';
export {
  amount,
  duration,
  energy,
  grouped,
  percent,
  time,
  unknown,
  whileLearning,
  within,
} from './text/format.ts';
