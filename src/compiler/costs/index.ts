/** What everything that a program does costs on a core. */
export { deriveCosts } from './work.ts';
