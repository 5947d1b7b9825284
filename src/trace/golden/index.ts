/** Golden traces: the behaviour of a core or a chip, step by step, to compare a model or an RTL design with. */

export { asksForState, observedOutcome, placedFiles, presentedFiles, samplesOfBench } from './bench.ts';
export { firstDivergence } from './compare.ts';
export type { CoreTrace } from './core-trace.ts';
export { formatTrace, readCoreTrace, traceJsonSchema } from './core-trace.ts';
export { chipTraceOf, goldenFormats, readTrace } from './read.ts';
export { recordTrace, type TracePlan, type TraceSource, traceOf } from './record.ts';
export { coverageOf, replayContext, replayCoreTrace, replayTrace, type TraceFiles } from './replay.ts';
