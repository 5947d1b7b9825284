/** The parts of a program that a core leaves out because projections are frozen, or because it only infers. */
export { type LeftOut, leftOutOf } from './left-out.ts';
export { actionsOf } from './lists.ts';
