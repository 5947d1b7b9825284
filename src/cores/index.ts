/** Several cores that run one program: what each does, and what travels between them. */
export { checkMachineState, createMachine, type MachineOptions } from './create.ts';
export type { Crew, Tick } from './crew.ts';
export { System, type SystemOptions, type SystemWatch } from './system.ts';
export { type GroupWork, groupTick } from './team.ts';
