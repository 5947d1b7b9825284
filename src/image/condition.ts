import type { Condition } from './lists.ts';

/** The step that is running, and its sample. */
export interface Moment {
  readonly step: number;
  /** Of the sample. */
  readonly steps: number;
  readonly learn: boolean;
  /** Whether the sample is presented again; default: it is not. */
  readonly isReplay?: boolean | undefined;
}

/** Whether a condition holds at a moment. */
export function holds({ learning, pass, from, every, last }: Condition, moment: Moment): boolean {
  const { step, steps, learn, isReplay = false } = moment;
  const isPass = pass === undefined || isReplay === (pass === 'replay');
  const isLast = last === 0 || step >= steps - last;
  return (learn || !learning) && isPass && step >= from && (step - from) % every === 0 && isLast;
}
