/** Controllers as data: the language in which an hw-model states one, its checks, and the code that it becomes. */
export { type ControllerData, type ControllerUses, controllerSchema, usesOf } from './check.ts';
export {
  ControllerRunner,
  controlledCores,
  type Listener,
  type SendInput,
  type Watcher,
} from './controller-runner.ts';
export type { BoundEvent, Cores, DirectEvents, Scalar, Spikes } from './door.ts';
