import { expect, test } from 'vitest';
import { ProgressTally } from '../../src/explore/runs/runner.ts';

test('runs that fail before they told their length count as done and failed, and the others keep theirs', () => {
  // One finished before, which failed; four to do, of 100 samples each.
  const tally = new ProgressTally(4, { finished: 1, failed: 1 });
  tally.begin(0);
  tally.begin(1);
  tally.advance(0, { done: 40, total: 100, resumed: 0 });
  tally.end(1, true);
  // 100, none for the failed one, 100 for each of the two that have not begun.
  expect(tally.progress()).toMatchObject({
    cells: 5,
    cellsDone: 2,
    cellsFailed: 2,
    cellsRunning: 1,
    done: 40,
    total: 300,
  });
  tally.end(0, false);
  expect(tally.progress()).toMatchObject({ cellsDone: 3, cellsFailed: 2, done: 100, total: 300 });
});
