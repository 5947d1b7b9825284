import { sanafeParts } from './trace-parts.ts';
import { checkSanafeShape } from './trace-shape.ts';

/** Recordings of SANA-FE on its model of Loihi: the schema of `sanafe-golden/1`. Steps count from 1. */
export const sanafeSchema = sanafeParts.superRefine(checkSanafeShape);
