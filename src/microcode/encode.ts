import type { WorkCost } from '../hardware/index.ts';
import {
  allLists,
  type CoreImage,
  type FieldPass,
  type ProgramView,
  passedWords,
  plainActions,
} from '../image/index.ts';
import { PlasticoreError } from '../text/index.ts';
import { kernelRecord } from './kernels.ts';
import { sequencerLists } from './lists.ts';
import { passCycles, passKernels } from './passes.ts';
import { type MicrocodeCycles, microcodeCycles, scheduleMicrocode } from './schedule.ts';
import { Tables } from './tables.ts';
import type { MicrocodeUnit } from './unit.ts';

/** A program as a programmable core holds it: what is loaded into its memories. */
export interface Microcode {
  readonly words: readonly bigint[];
  /** Those of the program, then those of its passes over words. */
  readonly kernels: readonly bigint[];
  readonly accesses: readonly bigint[];
  /** Numbers that all lanes share. The first ones are label and step, which the core writes. */
  readonly scalars: readonly number[];
  readonly entries: readonly bigint[];
  readonly conditions: readonly bigint[];
}

/** The memories of a programmable core, in their order at the host's port: after its banks and generators. */
export const microcodeMemories = [
  'words',
  'kernels',
  'accesses',
  'scalars',
  'entries',
  'conditions',
] as const;

/**
 * The microcode of a program in an interval of its schedule of parameters. Others differ in words, scalars and
 * conditions alone.
 *
 * @throws PlasticoreError `fit` with what the core lacks: by kernel and line, or by need and offer
 */
export function microcodeOf(image: ProgramView, unit: MicrocodeUnit, interval = 0): Microcode {
  const tables = new Tables(image, interval);
  const words: bigint[] = [];
  const kernels = image.kernels.map((kernel) => {
    const schedule = scheduleMicrocode(kernel, image, unit);
    const base = words.length;
    words.push(...tables.words(kernel, schedule));
    return kernelRecord(tables, kernel, schedule, base);
  });
  const { entries, conditions } = sequencerLists(image, interval, (pass) =>
    passKernels(pass, tables, unit).map((kernel) => {
      const base = words.length;
      words.push(...kernel.words);
      return kernels.push(kernel.record(base)) - 1;
    }),
  );
  const { accesses, scalars } = tables;
  const needs = {
    words: words.length,
    kernels: kernels.length,
    accesses: accesses.length,
    scalars: scalars.length,
  };
  for (const name of ['words', 'kernels', 'accesses', 'scalars'] as const)
    if (needs[name] > unit[name])
      throw new PlasticoreError('fit', `microcode ${name}: ${needs[name]} needed, ${unit[name]} available`);
  return { words, kernels, accesses, scalars, entries, conditions };
}

/**
 * An image with the cycles of a programmable core in place of those of its hw-model: the law of the walker and of the
 * lists in `templates/rtl/micro`. A spike that is taken from the FIFO takes one.
 */
export function withMicrocodeCycles(image: CoreImage, unit: MicrocodeUnit): CoreImage {
  const passes = new Map<number, FieldPass>();
  for (const action of allLists(image.events).flatMap(plainActions))
    if ('work' in action) passes.set(action.work, action);
  const cyclesOf = (work: number): MicrocodeCycles & Pick<WorkCost, 'suspended'> => {
    const kernel = image.kernels[work];
    if (kernel !== undefined) {
      const schedule = scheduleMicrocode(kernel, image, unit);
      // A tile whose spikes wait drains, and others enter when these have found room.
      const cycles = schedule.drainCycles - schedule.intervalCycles;
      const waits = schedule.spikesAt !== undefined && { suspended: { cycles, perTile: [] } };
      return { ...microcodeCycles(kernel, schedule), ...waits };
    }
    const pass = passes.get(work);
    const layouts = pass?.does === 'clear' ? passedWords(image, pass).length : 'test';
    return passCycles(layouts, unit);
  };
  const { costs } = image;
  const work = costs.work.map(
    ({ scanCycles: _scan, closed: _closed, suspended: _suspended, ...cost }, index) => ({
      ...cost,
      ...cyclesOf(index),
    }),
  );
  return { ...image, costs: { ...costs, work, eventCycles: 1 } };
}
