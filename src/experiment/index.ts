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
export { type RunIdentity, runIdentity } from './identity.ts';
export { reportOf } from './outcome.ts';
export type { Progress } from './pace.ts';
export {
  planRecording,
  type Recording,
  type RecordingPlan,
  recordedSamples,
  recordingArrays,
} from './recording.ts';
export { limitData, type RunOptions, type RunResult, runCell } from './run.ts';
export type { EpochResult, RunState } from './state.ts';
export { type Design, type Designs, type SweepChoice, sweepDesigns } from './sweep.ts';
export type { CellsProgress } from './tally.ts';
export { weightArrays } from './weights.ts';
