/** Formats of traces: what may stand in them, and how they are read. */

export { formatTrace, traceJsonSchema } from './core-trace.ts';
export {
  type CoreTrace,
  coreTraceFormat,
  type FieldValues,
  type TraceExpected,
  type TraceSample,
  type TraceSampleExpected,
} from './core-trace-parts.ts';
export { type OdinTrace, odinFormat } from './odin.ts';
export { readTrace, type Trace, type TraceFormat, traceFormats } from './read.ts';
export { type ReckonTrace, reckonFormat } from './reckon.ts';
