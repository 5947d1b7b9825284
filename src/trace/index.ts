/** Traces: what a core or a chip did, step by step, to hold a model or an RTL against. */
export { formatTrace, traceJsonSchema } from './core-trace.ts';
export { type CoreTrace, coreTraceFormat, type TraceExpected, type TraceSample } from './core-trace-parts.ts';
export { type Divergence, describeDivergence, firstDivergence } from './divergence.ts';
export { type OdinTrace, odinFormat } from './odin.ts';
export { loadOdin, type OdinExpected, type OdinStimulus, odinConfig, recordOdin } from './odin-record.ts';
export { readTrace, type Trace, type TraceFormat, traceFormats } from './read.ts';
export { type ReckonTrace, reckonFormat } from './reckon.ts';
export {
  loadReckon,
  type ReckonExpected,
  type ReckonStimulus,
  reckonController,
  reckonSettings,
  recordReckon,
} from './reckon-record.ts';
export { recordTrace, type TracePlan, type TraceSource, traceOf, traceSamples } from './record.ts';
export { replayTrace } from './replay.ts';
export type { ReplayContext, Replayer, Verdict } from './replayer.ts';
