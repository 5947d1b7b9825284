/** The parts of a program that a core leaves out because projections are frozen, or because it only infers. */

export { actionsOf } from './actions.ts';
export { type LeftOut, leftOutOf } from './left-out.ts';
