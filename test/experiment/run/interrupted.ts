import { vi } from 'vitest';
import type { Dataset } from '../../../src/data/index.ts';
import { type Cell, type RunOptions, type RunState, runCell } from '../../../src/experiment/index.ts';

/** Runs a cell to its end. @returns the result, and the states from which the run could go on, a few samples apart */
export async function statesOf(cell: Cell, data: Dataset, options: RunOptions = {}) {
  const states: RunState[] = [];
  // By this clock a turn of the event loop is due after a few samples, on any machine.
  let nowMs = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    nowMs += 20;
    return nowMs;
  });
  const onCheckpoint = (state: RunState) => states.push(structuredClone(state));
  const whole = await runCell(cell, data, { ...options, checkpointSeconds: 0, onCheckpoint });
  clock.mockRestore();
  return { states, whole };
}
