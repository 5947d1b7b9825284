/** A graph of NIR as populations and projections, in doubles. */

export { inStep } from './in-step.ts';
export type { LinearMap, Rows } from './linear.ts';
export { type Firing, type Model, storedPotential } from './model.ts';
export { type Link, type Network, networkOf, type Stage } from './network.ts';
export { pipelined } from './pipeline.ts';
export type { Picture, Sliding } from './sliding.ts';
