/** RANC: its cores' controllers, its mesh of routers, its recordings. */

export { ranc } from './chip.ts';
export * from './controller.ts';

export { PacketList, type RancInput } from './front-end.ts';
export { loadRancCore } from './memories.ts';
export type { RancPacket } from './packets.ts';
export {
  type RancDescription,
  rancController,
  recordRanc,
} from './record.ts';
export { replayRanc } from './replay.ts';
export { rancSettings } from './settings.ts';
export { rancSchema } from './trace.ts';
export type { RancTrace } from './trace-parts.ts';
