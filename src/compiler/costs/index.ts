/** The cost of every action of a program on a core. */
export { basisOf, type CostBasis, costBasis, deriveCosts } from './work.ts';
