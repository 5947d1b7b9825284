/** A run: it presents the samples of a cell one after the other, writes results, and can resume from a checkpoint. */

export type { RunSetting } from './check-state.ts';
export { createHost } from './host.ts';
export { dataHash, describeInput, imageHash, type RunIdentity, runIdentity } from './identity.ts';
export { reportOf } from './outcome.ts';
export { Pace, type Progress } from './pace.ts';
export {
  planRecording,
  type Recording,
  type RecordingPlan,
  recordedSamples,
  recordingArrays,
} from './recording.ts';
export { limitData, type RunOptions, type RunResult, runCell } from './run.ts';
export { checkData } from './samples.ts';
export { type RunSample, RunSequence } from './sequence.ts';
export type { EpochResult, KeptState, RunState } from './state.ts';
export { weightArrays } from './weights.ts';
