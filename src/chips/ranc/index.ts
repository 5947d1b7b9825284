/** RANC: its cores' controllers, its mesh of routers, its recordings. */

export { ranc } from './chip.ts';
export {
  type RancConfig,
  RancController,
  type RancCoreCounts,
  type RancObserver,
  type RancStimulus,
} from './controller.ts';
export { type Fate, fate } from './core.ts';
export { rancDivergence } from './divergence.ts';
export { type Burst, PacketList, type RancInput, StreamFrontEnd, type TimedPacket } from './front-end.ts';
export { loadRancCore } from './memories.ts';
export type { RancPacket } from './packets.ts';
export {
  type RancDescription,
  type RancExpected,
  type RancRecording,
  rancController,
  recordRanc,
} from './record.ts';
export { rancGolden, replayRanc } from './replay.ts';
export { rancSettings } from './settings.ts';
export { rancSchema } from './trace.ts';
export { type RancTrace, rancFormat } from './trace-parts.ts';
