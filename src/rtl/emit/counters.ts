import type { CoreImage } from '../../image/index.ts';
import { type CorePlan, listsIn } from '../plan/core-plan.ts';
import { passWords } from '../plan/pass-words.ts';
import { indexBits } from './text.ts';

/** Bits of the counters of a core: each is as wide as what it counts. */
export interface CounterBits {
  /** Of the cycles of a state: a start, a row, a scan, a drain, a pass over words. */
  readonly cycle: number;
  /** Of the tiles of a pass. */
  readonly tile: number;
  /** Of the cycles of an interval. */
  readonly phase: number;
  /** Of spikes in the FIFO, or of spikes of a tile: the larger one. */
  readonly room: number;
}

/** @param listLength the most tiles that a gate has */
export function counterBits(plan: CorePlan, image: CoreImage, listLength: number): CounterBits {
  const { kernels, hw } = plan;
  const { kernelCycles, rowCycles, eventCycles } = hw.overheads;
  const { lanes, fifoDepth } = image.core;
  const most = (values: readonly number[]): number => Math.max(1, ...values);
  const passes = listsIn(plan).flatMap(({ steps }) => steps.map((step) => passWords(image, step)));
  const cycles = kernels.flatMap(({ schedule, intervalCycles, drainCycles }) => [
    rowCycles + schedule.lookupCycles + schedule.rowLoadCycles,
    drainCycles + intervalCycles,
  ]);
  const tiles = kernels.flatMap(({ rows, columns, walks }) => [
    Math.ceil(columns / lanes),
    walks === 'columns' ? rows : 1,
  ]);
  return {
    cycle: indexBits(most([kernelCycles, eventCycles, listLength, ...cycles, ...passes]) + 1),
    tile: indexBits(most([listLength, ...tiles])),
    phase: indexBits(most(kernels.map(({ intervalCycles }) => intervalCycles))),
    room: indexBits(Math.max(fifoDepth, lanes) + 1),
  };
}
