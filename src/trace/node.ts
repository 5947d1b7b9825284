/** Traces in files; Node only. */

export { megabytes, writeTrace } from './node-trace.ts';
