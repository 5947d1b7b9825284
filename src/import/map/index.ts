/** A graph of NIR as populations and projections, in doubles. */

export { inStep } from './in-step.ts';

export { type Model, storedPotential } from './model.ts';
export { networkOf } from './network.ts';
export { pipelined } from './pipeline.ts';
export { poolingOf } from './pooling.ts';
export type { Picture } from './sliding.ts';
export type { Gains, Link, Network, NirStage } from './stages.ts';
