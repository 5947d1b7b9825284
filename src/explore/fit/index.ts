/** Whether a network fits a chip, what it takes of it, and which changes make it fit. */
export { type Change, type ChangeKind, changed, changeKinds, changeOptions } from './change.ts';
export { type FittingChange, fittingChanges } from './changes.ts';
export { type Need, needsBeyond, needsOf, type Size, sizeOf } from './needs.ts';
