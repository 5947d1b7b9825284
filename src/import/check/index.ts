/** Compares a network in doubles with the same network in integers. */

export { type Compared, compare } from './check.ts';
