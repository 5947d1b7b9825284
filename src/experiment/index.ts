/** Experiments: their files, their cells, and the runner. */

export { parseVary, type SweptAxis } from './axes.ts';
export {
  type Cell,
  type CellChoice,
  checkImageChoice,
  type Deployment,
  type DeploymentRequest,
  deploy,
  describeSettings,
  type Experiment,
  type ExperimentSpec,
  experimentJsonSchema,
  type FileKind,
  type Find,
  fileNaming,
  findHwModel,
  findProgram,
  joinSettings,
  loadExperiment,
  noSettings,
  parseSettings,
  type Reference,
  resolveCell,
  type Settings,
} from './description/index.ts';
export {
  type EpochResult,
  limitData,
  type Progress,
  planRecording,
  type Recording,
  type RecordingPlan,
  type RunIdentity,
  type RunOptions,
  type RunResult,
  type RunState,
  recordedSamples,
  recordingArrays,
  reportOf,
  runCell,
  runIdentity,
  weightArrays,
} from './run/index.ts';
export { type Design, type Designs, type SweepChoice, sweepDesigns } from './sweep.ts';
export type { CellsProgress } from './tally.ts';
