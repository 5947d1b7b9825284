/** Systems of several cores: what runs on each, and what travels between them. */
export { System } from './system.ts';
export type { PacketCounts } from './traffic.ts';
