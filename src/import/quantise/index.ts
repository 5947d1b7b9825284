/** A network in integers. */

export { type Activity, activityOf, type StageActivity } from './activity.ts';
export {
  type IntegerLink,
  type IntegerNetwork,
  type IntegerStage,
  type Leak,
  quantise,
} from './quantise.ts';
export { type Given, isCounted, type Scale, type Widths } from './scales.ts';
export type { Integers } from './weights.ts';
