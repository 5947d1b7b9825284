/** Cores that run an image, step by step, and the engines that they run on. */

export { at } from './at.ts';
export { checkSaved, coreStateSchema } from './check-saved.ts';
export {
  checkSample,
  checkValues,
  fixedItems,
  receiving,
  refuseNeuron,
  refuseStep,
} from './checks.ts';
export type { Core, CoreOptions, Stepping } from './core.ts';
export { checkEngine, createCore, defaultEngine, type EngineName, engineNames } from './create.ts';
export { type CoreModule, compileModule } from './fast/core-module.ts';
export { type KernelExecution, kernelExecutions } from './fast/execution.ts';
export { FastCore } from './fast/fast-core.ts';
export { describePlan } from './fast/plan/words.ts';
export { CoreElsewhere, type Fault, type SharedCore, Stopped } from './fast/shared-core.ts';
export { checkCarriesValues, presented, sampleSteps } from './presented.ts';
export type { Probe } from './probe.ts';
export { ReferenceCore, type ReferenceOptions } from './reference/reference-core.ts';
export { asksForReplay, predict, runSample, type SampleOptions } from './run-sample.ts';
export { neuronOf, populationOf, spikeAddress } from './spike-address.ts';
export type { AddressEvent, Checkpoint, CoreState, SampleStart } from './state.ts';
export { stateSha256 } from './state-hash.ts';
export { triggerEvent } from './trigger-event.ts';
