import { rancParts } from './trace-parts.ts';
import { checkRancShape } from './trace-shape.ts';

/** RANC's recordings: the schema of `ranc-golden/1`. Cycles are rising edges, from 0. */
export const rancSchema = rancParts.superRefine(checkRancShape);
