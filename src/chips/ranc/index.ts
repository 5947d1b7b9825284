/** RANC: its cores' controllers, its mesh of routers. */

export { ranc } from './chip.ts';
export * from './controller.ts';
export { PacketList, type RancInput, type RancPacket } from './packets.ts';
export { fifoNames } from './topology.ts';
