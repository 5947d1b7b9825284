/** A network in integers. */

export { type Activity, activityOf } from './activity.ts';
export * from './quantise.ts';
export { isCounted, type StageOutput, type Widths } from './scales.ts';
