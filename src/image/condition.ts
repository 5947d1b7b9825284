import type { Condition } from './lists.ts';

/** The place of a sample among those of a pass over the data. A sample that is presented alone has none. */
export interface PlaceInPass {
  /** Counted from 0. */
  readonly index: number;
  readonly isLast: boolean;
}

/** The step that is running, and its sample. */
export interface Moment {
  readonly step: number;
  /** Of the sample. */
  readonly steps: number;
  readonly learn: boolean;
  /** The interval of epochs, by index in the image's `epochs`. */
  readonly interval: number;
  /** Whether the sample is presented again; default: it is not. */
  readonly isReplay?: boolean | undefined;
  readonly place?: PlaceInPass | undefined;
}

/** The interval of a schedule that an epoch lies in, by index. */
export function intervalAt(epochs: readonly number[], epoch: number): number {
  return epochs.findLastIndex((first) => first <= epoch);
}

/** Whether a condition holds at a moment. */
export function holds(condition: Condition, moment: Moment): boolean {
  const { learning, pass, from, until, every, last, everySample, intervals } = condition;
  const { step, steps, learn, interval, isReplay = false, place } = moment;
  const isNow = intervals?.includes(interval) ?? true;
  const isPass = pass === undefined || isReplay === (pass === 'replay');
  const isWithin = step >= from && (until === undefined || step < until);
  const isLast = last === 0 || step >= steps - last;
  const isDue = isWithin && (step - from) % every === 0 && isLast;
  return (learn || !learning) && isPass && isNow && isDue && endsBatch(everySample, place);
}

/** Whether a sample completes a batch of so many. One that is presented alone is a batch of its own. */
export function endsBatch(batch: number | undefined, place: PlaceInPass | undefined): boolean {
  return batch === undefined || place === undefined || place.isLast || (place.index + 1) % batch === 0;
}
