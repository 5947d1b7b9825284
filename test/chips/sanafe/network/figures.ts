import type { ChipModel } from 'plasticore/chips';

type NetworkCosts = ChipModel['costs'];

/**
 * The costs of a network, in one unit of time and one of energy: ns and pJ as {@link networkFigures} gives them.
 * Nothing else in this folder depends on the unit.
 */
export interface NetworkFigures {
  /** Name of the cost set, for messages. */
  readonly costSet: string;
  readonly sendTime: number;
  readonly sendEnergy: number;
  readonly receiveTime: number;
  readonly receiveEnergy: number;
  readonly tileTime: number;
  readonly tileEnergy: number;
  readonly hopTimeX: number;
  readonly hopTimeY: number;
  readonly hopEnergyX: number;
  readonly hopEnergyY: number;
  /** Packets that a link holds; undefined if not known. */
  readonly linkDepth: number | undefined;
  /** Time that a packet occupies a link; undefined if not known. */
  readonly linkTime: number | undefined;
  readonly barrierEnergy: number;
}

/** A network that costs nothing: that of a chip with one core. */
export const freeNetwork: NetworkFigures = {
  costSet: 'none',
  sendTime: 0,
  sendEnergy: 0,
  receiveTime: 0,
  receiveEnergy: 0,
  tileTime: 0,
  tileEnergy: 0,
  hopTimeX: 0,
  hopTimeY: 0,
  hopEnergyX: 0,
  hopEnergyY: 0,
  linkDepth: undefined,
  linkTime: undefined,
  barrierEnergy: 0,
};

/** Converts the figures of an hw-model to other units. */
export interface Units {
  /** From ns. */
  time(ns: number): number;
  /** From pJ. */
  energy(pj: number): number;
}

const nanosecondsAndPicojoules: Units = { time: (ns) => ns, energy: (pj) => pj };

/** The figures of a cost set. */
export function networkFigures(
  costSet: string,
  { send, receive, tile, hop, link, barrier }: NetworkCosts,
  { time, energy }: Units = nanosecondsAndPicojoules,
): NetworkFigures {
  return {
    costSet,
    sendTime: time(send.latencyNs),
    sendEnergy: energy(send.energyPj),
    receiveTime: time(receive.latencyNs),
    receiveEnergy: energy(receive.energyPj),
    tileTime: time(tile.latencyNs),
    tileEnergy: energy(tile.energyPj),
    hopTimeX: time(hop.latencyNs.x),
    hopTimeY: time(hop.latencyNs.y),
    hopEnergyX: energy(hop.energyPj.x),
    hopEnergyY: energy(hop.energyPj.y),
    linkDepth: link?.depth,
    linkTime: link?.packetNs === undefined ? undefined : time(link.packetNs),
    barrierEnergy: energy(barrier.energyPj),
  };
}
