import { type Core, type CoreState, runSample } from '../../src/engine/index.ts';
import type { CoreImage } from '../../src/image/index.ts';
import type { Sample } from './deployment.ts';

/** Work to time: samples that an image runs from a given state of the core. */
export interface Workload {
  readonly name: string;
  readonly image: CoreImage;
  readonly samples: readonly Sample[];
  readonly learn: boolean;
  readonly state: CoreState;
  /** In what one run's work is measured. */
  readonly unit: 'SOP' | 'updates' | 'neurons' | 'gate items' | 'samples';
  /** The task of `kernels.c` that does the same, and the fields that it takes, in its order. */
  readonly task: string;
  readonly fields: readonly string[];
  /** What is aimed at, at least: the ratio of the engine's speed to that of C, and the units a second. */
  readonly leastRatio?: number;
  readonly leastSpeed?: number;
}

/** Runs a workload's samples from where the engine stands. */
export function runSamples(engine: Core, { samples, learn }: Workload): void {
  for (const { spikes, label } of samples) runSample(engine, spikes, { label, learn });
}

/** Nanoseconds of the processor that the samples take from the workload's state. */
export function timeSamples(engine: Core, workload: Workload): number {
  engine.restore(workload.state);
  return timeCall(() => runSamples(engine, workload));
}

/**
 * Nanoseconds of the processor that a call takes. On an idle machine that is the time on the wall; on a busy one it
 * leaves out the others' turns.
 */
export function timeCall(call: () => void): number {
  const from = process.cpuUsage();
  call();
  const { user, system } = process.cpuUsage(from);
  return (user + system) * 1000;
}

/** What one run of a workload amounts to in its unit, by the engine's own counters. */
export function amountOf(engine: Core, workload: Workload): number {
  const { image, samples, unit } = workload;
  engine.restore(workload.state);
  engine.resetCounters();
  runSamples(engine, workload);
  const { work } = engine.counters();
  switch (unit) {
    case 'samples':
      return samples.length;
    case 'gate items':
      return samples.length * image.steps * image.populations.reduce((sum, { size }) => sum + size, 0);
    default: {
      const counts = { SOP: 'sop', updates: 'update', neurons: undefined }[unit];
      return image.kernels.reduce(
        (sum, kernel, index) => sum + (kernel.counts === counts ? (work[index]?.items ?? 0) : 0),
        0,
      );
    }
  }
}
