import type { TrafficCounters } from 'plasticore/chips';
import { numberAt } from 'plasticore/chips';
import type { NetworkFigures } from './figures.ts';

/** The energy of a network in a step or a run, by unit, in the unit of the figures. */
export interface NetworkEnergy {
  readonly send: number;
  readonly receive: number;
  readonly tile: number;
  /** Hops along x and along y. */
  readonly hopX: number;
  readonly hopY: number;
  readonly barrier: number;
  /** All of them. */
  readonly total: number;
  /** With that of the cores. */
  readonly withCores: number;
}

/** The energy of a number of equal events. */
type Times = (count: number, energy: number) => number;

const product: Times = (count, energy) => count * energy;

/** Energy from outside the network. */
export interface EnergyOptions {
  /** By core: the energy of its own work, in the unit of the figures. */
  readonly cores?: Float64Array | undefined;
  /** Barriers passed; 1 for a step without phases. */
  readonly barriers?: number | undefined;
  /** How the energies of equal events add up: by default, their product with the number of events. */
  readonly times?: Times | undefined;
}

/**
 * The energy of a network's traffic. For each tile it adds the hops to it first, then its cores in order, so that sums
 * of fractions are the same everywhere.
 */
export function networkEnergy(
  counters: TrafficCounters,
  figures: NetworkFigures,
  { cores, barriers = 1, times = product }: EnergyOptions = {},
): NetworkEnergy {
  const { mesh, hopsTo, packetsSent, packetsReceived } = counters;
  const { coresPerTile } = mesh;
  const { hopEnergyX, hopEnergyY, sendEnergy, receiveEnergy, tileEnergy } = figures;
  let [send, receive, tile, hopX, hopY, total, withCores] = [0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < mesh.tiles; at++) {
    const east = numberAt(hopsTo, 4 * at) * hopEnergyX;
    const west = numberAt(hopsTo, 4 * at + 1) * hopEnergyX;
    const south = numberAt(hopsTo, 4 * at + 2) * hopEnergyY;
    const north = numberAt(hopsTo, 4 * at + 3) * hopEnergyY;
    const hops = east + west + south + north;
    hopX += east + west;
    hopY += south + north;
    total += hops;
    let ofTile = hops;
    for (let core = at * coresPerTile; core < (at + 1) * coresPerTile; core++) {
      const sent = times(numberAt(packetsSent, core), sendEnergy);
      const received = times(numberAt(packetsReceived, core), receiveEnergy);
      const passed = times(numberAt(packetsReceived, core), tileEnergy);
      send += sent;
      receive += received;
      tile += passed;
      const ofCore = sent + received + passed;
      total += ofCore;
      ofTile += (cores?.[core] ?? 0) + ofCore;
    }
    withCores += ofTile;
  }
  const barrier = times(barriers, figures.barrierEnergy);
  return { send, receive, tile, hopX, hopY, barrier, total: total + barrier, withCores: withCores + barrier };
}
