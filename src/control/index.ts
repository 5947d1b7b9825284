/** Controllers as data: the language in which an hw-model states one, its checks, and what runs it. */
export { type ControllerData, controllerSchema } from './check.ts';
export { Controlled, controlledCores, type Recorded } from './controlled.ts';
export type { Cores, Scalar } from './door.ts';
