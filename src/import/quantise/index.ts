/** A network in integers. */

export { activityOf } from './activity.ts';
export * from './quantise.ts';
export { type Given, isCounted, type Widths } from './scales.ts';
