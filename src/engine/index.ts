/** The engines: what runs an image. */

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
