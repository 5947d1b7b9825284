/** Cores that run an image, step by step, and the engines that they run on. */

export { checkSaved, coreStateSchema } from './check-saved.ts';
export {
  checkSample,
  checkValues,
  fixedItems,
  receiving,
  refuseNeuron,
  refuseStep,
} from './checks.ts';
export type { Core, CoreOptions, Probe, Processor } from './core.ts';
export { checkEngine, createCore, defaultEngine, type EngineName, engineNames } from './create.ts';
export { compileModule, type KernelExecution, kernelExecutions } from './fast/core-module.ts';
export { FastCore } from './fast/fast-core.ts';
export { fieldsInJoint, JointCore, layJoint } from './fast/joint/joint-core.ts';
export { type JointPlan, planJoint } from './fast/joint/joint-plan.ts';
export { MemorySpace } from './fast/linear-memory.ts';
export { describePlan } from './fast/plan/words.ts';
export { CoreElsewhere, CoreFaultError, type Fault, type SharedCore } from './fast/shared-core.ts';
export { type CoreDeed, type HeardCore, hearCore } from './heard-core.ts';
export { ReferenceCore, type ReferenceOptions } from './reference/reference-core.ts';
export type { DataWatch, OperandValues, ReadTurn, WatchData } from './reference/stored-fields.ts';
export {
  checkCarriesValues,
  type NeuronLimit,
  neuronLimits,
  predict,
  presented,
  replayOf,
  runSample,
  type SampleOptions,
  sampleSteps,
  triggerEvent,
} from './run-sample.ts';
export { neuronOf, populationOf, spikeAddress } from './spike-address.ts';
export type { Checkpoint, CoreState, SampleStart } from './state.ts';
export { copyWords, drawStates, stateSha256 } from './state.ts';
