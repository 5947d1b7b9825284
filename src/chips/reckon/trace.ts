import { reckonParts } from './trace-parts.ts';
import { checkReckonShape } from './trace-shape.ts';

/** ReckOn's recordings: the schema of `reckon-golden/1`. Times are in ticks, cycles in clock periods. */
export const reckonSchema = reckonParts.superRefine(checkReckonShape);
