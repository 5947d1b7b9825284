/** The cost of every action of a program on a core. */
export { basisOf, type CostBasis, costBasis } from './basis.ts';
export { deriveCosts } from './work.ts';
