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
  type FileKind,
  type Find,
  fileNaming,
  findHwModel,
  findProgram,
  type Reference,
  resolveCell,
} from './cell.ts';
export { type RunIdentity, runIdentity } from './identity.ts';
export { type Experiment, loadExperiment } from './load.ts';
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
export { type ExperimentSpec, experimentJsonSchema } from './schema.ts';
export { joinSettings, noSettings, parseSettings, type Settings } from './settings.ts';
export type { EpochResult, RunState } from './state.ts';
export { type Design, type Designs, type SweepChoice, sweepDesigns } from './sweep.ts';
export type { CellsProgress } from './tally.ts';
export { weightArrays } from './weights.ts';
