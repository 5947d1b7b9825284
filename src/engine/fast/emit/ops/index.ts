/** Code of operations on the lanes of a vector, or on one. */

export { type Constants, withConstants } from './constants.ts';
export { ScalarCode } from './scalar-code.ts';
export type { Value } from './value.ts';
export { VectorCode } from './vector-code.ts';
