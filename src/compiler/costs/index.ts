/** The cost of every action of a program on a core. */
export { deriveCosts } from './work.ts';
