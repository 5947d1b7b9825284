/** Loihi: its controller with delays, around compartments in microcode. */

export { loihi } from './chip.ts';
export { LoihiController, type LoihiCoreCounts } from './controller.ts';
export type { AxonAddress, LoihiRoutes } from './network.ts';
