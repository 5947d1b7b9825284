/** Traces in files; Node only. */

export { megabytes, type Traced, type TraceOptions, writeTrace } from './node-trace.ts';
