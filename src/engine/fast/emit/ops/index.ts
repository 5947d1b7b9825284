/** Code of operations on the lanes of a vector, or on a single item. */

export { type Constant, type LaneValue, numberConstant } from './lane-value.ts';
export { ScalarCode } from './scalar-code.ts';
export { VectorCode } from './vector-code.ts';
