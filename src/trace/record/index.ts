/** Records what a core or a chip does under a stimulus. */

export { loadOdin, type OdinExpected, type OdinStimulus, odinConfig, recordOdin } from './odin-record.ts';
export {
  loadReckon,
  type ReckonExpected,
  type ReckonStimulus,
  reckonController,
  reckonSettings,
  recordReckon,
} from './reckon-record.ts';
export { recordTrace, type TracePlan, type TraceSource, traceHead, traceOf, traceSamples } from './record.ts';
