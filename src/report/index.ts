/** Reports: what a run counted, priced; memory and what it saves; NeuroBench's metrics; CSV files. */
export type { CoreReport, NetworkReport } from './core.ts';
export { historyCsv, predictionsCsv } from './csv.ts';
export { amount, duration, energy, grouped, percent, quantity, time } from './format.ts';
export type { RunFolder } from './html/input.ts';
export { htmlReport } from './html-report.ts';
export {
  type Basis,
  bases,
  type FieldMemory,
  fp32Sizes,
  type MemoryReport,
  memoryOf,
  type Saving,
} from './memory.ts';
export { type Activity, type NeuroBench, neuroBench } from './neurobench.ts';
export { type KernelCounts, type PhaseCounts, type PhaseReport, phaseReport } from './phase.ts';
export {
  type EpochReport,
  formatReport,
  makeReport,
  type Outcome,
  type Report,
  type ReportProvenance,
  scoredPhase,
  type Timing,
} from './report.ts';
export { reportFault, reportJsonSchema } from './schema.ts';
export { type Spread, spread } from './statistics.ts';
export {
  type Axis,
  type CellStatus,
  type DesignKey,
  type DesignSummary,
  type Figures,
  makeSweep,
  type Sweep,
  type SweepResult,
  type SweepRow,
  shownValue,
  summaryCsv,
} from './sweep.ts';
