/** Whether a network fits a chip, how much of it the network takes, and which changes make it fit. */
export { byAccuracy, changed } from './change.ts';
export { type FittingChange, fittingChanges } from './changes.ts';
export { type Need, needsBeyond, needsOf, type Size, sizeOf, withRoom } from './needs.ts';
