/** Controllers as data: the language in which an hw-model states one, its checks, and what runs it. */
export { type ControllerData, controllerSchema } from './check.ts';
export { ControllerRunner, controlledCores, type InputRecords } from './controller-runner.ts';
export type { Cores, Scalar } from './door.ts';
