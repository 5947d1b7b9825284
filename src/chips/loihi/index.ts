/** Loihi: its controller with delays, the public models of its compartments and weights, their recordings. */

export { loihi } from './chip.ts';
export { LoihiController, type LoihiCoreCounts } from './controller.ts';

export { parseRule } from './learning/rule.ts';

export type { LoihiRoutes } from './network.ts';

export { replayLoihi } from './replay.ts';
export { type LoihiTrace, loihiSchema } from './trace.ts';

export { synapticWeight } from './weights.ts';
