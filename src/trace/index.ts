/** Watches a machine at work: a window of a run, run again on the reference engine and told in the order of time. */

export { estimateSize, type TraceSize } from './estimate.ts';
export { perfettoSink } from './perfetto.ts';
export {
  type ChosenItems,
  parseWindow,
  planSignals,
  type SignalGroup,
  type SignalPlan,
  signalGroups,
  type Window,
} from './plan.ts';
export { type Opening, openWindow, runWindow, type Watched } from './replay.ts';
export type { Accesses, Machine, MachineCore, TimelineEvent, TimelineSink } from './timeline.ts';
export { type Drive, energyOfWork, machineOf, traceMachine } from './trace.ts';
export { vcdSink } from './vcd.ts';
