/** Replays traces, and finds where what happens is not what they expect. */

export { type Divergence, describeDivergence, firstDivergence } from './divergence.ts';
export { replayTrace } from './replay.ts';
export type { ReplayContext, Replayer, Verdict } from './replayer.ts';
