import { afterEach, expect, test, vi } from 'vitest';
import { Pace } from '../../../src/experiment/run/pace.ts';

afterEach(() => vi.useRealTimers());

test('a checkpoint is due once an interval', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const pace = new Pace(60);
  const dueAfter = (seconds: number): boolean => {
    vi.advanceTimersByTime(1000 * seconds);
    return pace.isCheckpointDue();
  };
  expect([59, 1, 0, 59, 1, 0].map(dueAfter)).toEqual([false, true, false, false, true, false]);
});
