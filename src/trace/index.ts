/**
 * Watches a machine at work: golden traces of all that it does, a window of a run told in the order of time, and what
 * its kernels write.
 */
export { ActivityRecorder } from './activity.ts';
export * from './golden/index.ts';
export { PerfettoWriter } from './perfetto.ts';
export {
  parseWindow,
  planSignals,
  type SignalPlan,
  signalGroups,
} from './plan.ts';
export { openSession, openWindow, runWindow } from './replay.ts';

export { energyOfWork, namesOf, Tracer } from './trace.ts';
export { VcdWriter } from './vcd.ts';
export { type KernelWrites, watchWrites } from './watch.ts';
