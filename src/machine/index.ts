/**
 * Machines that run images: the cores of a chip, what travels between them, and the time and energy that this takes; on
 * one thread or several.
 */
export { checkMachineState, createMachine } from './create.ts';
export { FifoMesh, fifoNames, fifosPerRouter, lanesOfRouter, type MeshPacket } from './fifo-mesh.ts';
export type { Machine, MachineOptions, MachineWatch } from './machine.ts';
export { describePlans, executionsOf, moduleTexts } from './plans.ts';
export { barrierTime } from './step-clock.ts';
export * from './threads/index.ts';
export { TrafficCounters } from './traffic-counters.ts';
