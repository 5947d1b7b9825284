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
export { copyWords } from './copy-words.ts';
export type { Core, CoreOptions, Processor } from './core.ts';
export { checkEngine, createCore, defaultEngine, type EngineName, engineNames } from './create.ts';
export { drawStates } from './draw-state.ts';
export { compileModule } from './fast/core-module.ts';
export { type KernelExecution, kernelExecutions } from './fast/execution.ts';
export { FastCore } from './fast/fast-core.ts';
export { fieldsInJoint, JointCore, layJoint } from './fast/joint/joint-core.ts';
export { type JointPlan, planJoint } from './fast/joint/joint-plan.ts';
export { MemorySpace } from './fast/memory-space.ts';
export { describePlan } from './fast/plan/words.ts';
export { CoreElsewhere, CoreFaultError, type Fault, type SharedCore } from './fast/shared-core.ts';
export { type CoreDeed, HeardCore } from './heard-core.ts';
export { checkCarriesValues, presented, sampleSteps } from './presented.ts';
export type { Probe } from './probe.ts';
export type { DataWatch, OperandValues, ReadTurn, WatchData } from './reference/data-watch.ts';
export { ReferenceCore, type ReferenceOptions } from './reference/reference-core.ts';
export { predict, replayOf, runSample, type SampleOptions } from './run-sample.ts';
export { neuronOf, populationOf, spikeAddress } from './spike-address.ts';
export type { Checkpoint, CoreState, SampleStart } from './state.ts';
export { stateSha256 } from './state-hash.ts';
export { type NeuronLimit, neuronLimits, triggerEvent } from './trigger-event.ts';
