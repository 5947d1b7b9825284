/** The engines: what runs an image. */

export type { Controller } from './chips/controller.ts';
export {
  type OdinConfig,
  OdinController,
  type OdinObserver,
  type OdinOperation,
  type SpikeFate,
} from './chips/odin.ts';
export {
  type ReckonAnswer,
  type ReckonConfig,
  ReckonController,
  type ReckonCycles,
  type ReckonObserver,
  type ReckonSample,
} from './chips/reckon.ts';
export { loadReckonSeeds, type ReckonSeeds } from './chips/reckon-seeds.ts';
export { checkEngine, createEngine, defaultEngine, type EngineName, engineNames } from './create.ts';
export {
  type CoreState,
  type Engine,
  neuronBits,
  predict,
  type SampleOptions,
  triggerEvent,
} from './engine.ts';
export { FastEngine } from './fast/engine.ts';
export { type KernelExecution, kernelExecutions } from './fast/execution.ts';
export { ReferenceEngine } from './reference/engine.ts';
