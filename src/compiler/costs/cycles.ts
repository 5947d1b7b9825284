import type { HwModel } from '../../hardware/index.ts';
import type { BoundKernel } from '../../image/index.ts';
import {
  lowerKernel,
  type MicrocodeSchedule,
  type MicrocodeUnit,
  type MicrocodeView,
  microcodeCycles,
  microcodeUnitOf,
  scheduleLowered,
} from '../../microcode/index.ts';
import { fillOf, type PipelineDemand, scheduleOf } from '../../schedule/index.ts';

/** What the cycles of a kernel follow from, whatever core it runs on. */
export interface TimedKernel {
  readonly bound: BoundKernel;
  readonly walksRows: boolean;
  /** Whether it looks up rows of segments, in which no tile may be open. */
  readonly looksUp: boolean;
  readonly pipeline: PipelineDemand;
  /** Its schedule in words of microcode. */
  readonly words: (unit: MicrocodeUnit) => MicrocodeSchedule;
}

/** The most cycles between tiles, where no words are written. */
const mostWords = 4096;

/** Schedules a kernel's words, once for each unit of lanes and ports. */
export function wordsOf(
  kernel: BoundKernel,
  memory: MicrocodeView,
  pipeline: PipelineDemand,
): (unit: MicrocodeUnit) => MicrocodeSchedule {
  const known = new Map<string, MicrocodeSchedule>();
  let lowered: ReturnType<typeof lowerKernel> | undefined;
  return (unit) => {
    const key = JSON.stringify(unit);
    lowered ??= lowerKernel(kernel, memory, pipeline);
    const schedule = known.get(key) ?? scheduleLowered(kernel, lowered, memory, unit);
    known.set(key, schedule);
    return schedule;
  };
}

/** When a kernel's tiles, passes and runs take cycles, and what keeps busy what. */
export interface KernelCycles {
  readonly intervalCycles: number;
  readonly boundBy: string;
  /** For each resource, the cycles of a tile in which it is busy. */
  readonly busyCycles: Readonly<Record<string, number>>;
  /** Cycles until a row has been looked up, whether or not one of its tiles is open. */
  readonly lookupCycles: number;
  /** Cycles of a tile of segments that is closed. */
  readonly closedCycles: number;
  /** Cycles after the last tile. */
  readonly fillCycles: number;
  readonly passCycles: number;
  readonly runCycles: number;
}

/** Those of a pipeline of its own. */
export function cyclesOfPipeline({ pipeline, walksRows }: TimedKernel, hw: HwModel): KernelCycles {
  const { intervalCycles, boundBy, busy, overlapsRows, ...schedule } = scheduleOf(pipeline, hw);
  const { rowCycles, kernelCycles } = hw.overheads;
  const fillCycles = fillOf(schedule, hw.overheads);
  // Where looking up a row is free, so is its place in an index.
  const lookupCycles = walksRows && rowCycles > 0 ? rowCycles + schedule.lookupCycles : 0;
  // Rows that overlap fill the pipeline once, whether or not one of them is open.
  const passCycles = lookupCycles + schedule.rowLoadCycles + (overlapsRows ? 0 : fillCycles);
  const runCycles = kernelCycles + (overlapsRows ? fillCycles : 0);
  // Where looking up a row is free, so is a closed tile.
  const closedCycles = Math.min(1, lookupCycles);
  return {
    ...{ intervalCycles, boundBy, busyCycles: busy },
    ...{ lookupCycles, closedCycles, fillCycles, passCycles, runCycles },
  };
}

/** Those of words of microcode. A row of segments is looked up before its tiles, each of which has an interval. */
export function cyclesOfWords({ bound, looksUp, words }: TimedKernel, hw: HwModel): KernelCycles {
  const unit = { ...microcodeUnitOf(hw), kernelWords: mostWords };
  const schedule = words(unit);
  const { boundBy, busyCycles, drainCycles } = schedule;
  const { intervalCycles, passCycles, runCycles } = microcodeCycles(bound, schedule);
  const lookupCycles = looksUp ? unit.lookup : 0;
  return {
    intervalCycles,
    boundBy,
    busyCycles,
    lookupCycles,
    closedCycles: intervalCycles,
    fillCycles: drainCycles - intervalCycles,
    passCycles: lookupCycles + passCycles,
    runCycles,
  };
}
