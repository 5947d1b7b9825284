/** Several cores that run one program: what each does, and what travels between them. */
export { checkMachineState, createMachine, type MachineOptions } from './create.ts';
export { System } from './system.ts';
