import { addAt, at } from '../../text/index.ts';
import type { Netlist } from './netlist.ts';
import type { CountedCell, NetlistToggles } from './toggles.ts';

/** What cells and nets take beside their counts. */
interface NetlistConditions {
  readonly supplyV: number;
  /** Capacitance of the wire to each pin that a cell drives, in pF; 0 leaves wires out. */
  readonly wirePf: number;
}

/** Energies of a cell in pJ, of all that was counted. */
interface CellEnergy {
  readonly cell: CountedCell;
  /** Within it, as the library states it for edges: at pins that take the clock, and at the others. */
  readonly clockPj: number;
  readonly internalPj: number;
  /** Of charging what it drives: each edge takes half of C V^2. */
  readonly switchingPj: number;
  /** Whether what it drives takes the clock: a clock gate. */
  readonly drivesClock: boolean;
}

interface NetlistEnergies {
  readonly cells: readonly CellEnergy[];
  /** Charged by what is no cell, the host and memories: the net of the clock, and the others; in pJ. */
  readonly clockNetPj: number;
  readonly otherNetsPj: number;
}

/**
 * Energies of what was counted, by the tables of the library: at the load of each net, the capacitances of its pins and
 * of their wires, and at the slew with which its driver moves this load.
 */
export function netlistEnergies(
  toggles: NetlistToggles,
  { nets }: Netlist,
  conditions: NetlistConditions,
): NetlistEnergies {
  const { cells, edges, entries } = toggles;
  const loads = loadsOf(toggles, nets, conditions);
  const slews = slewsOf(toggles, loads.pf);
  const edgesAt = ({ firstEdge }: CountedCell, pin: number): number =>
    (edges[firstEdge + 2 * pin] ?? 0) + (edges[firstEdge + 2 * pin + 1] ?? 0);
  const charged = (net: number | undefined, count: number): number =>
    net === undefined ? 0 : 0.5 * at(loads.pf, net) * conditions.supplyV ** 2 * count;
  const driven = new Set<number>();
  const priced = cells.map((cell): CellEnergy => {
    const { power, firstEntry } = cell;
    let [clockPj, internalPj, switchingPj, drivesClock] = [0, 0, 0, false];
    for (const [index, { pin, by, edges: tables }] of power.entries.entries()) {
      const { isOutput, isClock } = at(power.pins, pin);
      const [from, to] = [netAt(cell, by), netAt(cell, pin)];
      const slew = from === undefined ? 0 : at(slews, from);
      const load = isOutput && to !== undefined ? at(loads.pf, to) : 0;
      let sum = 0;
      for (const [edge, table] of tables.entries()) {
        const count = entries[firstEntry + 2 * index + edge] ?? 0;
        if (count > 0) sum += count * table(slew, load);
      }
      if (isClock) clockPj += sum;
      else internalPj += sum;
    }
    for (const [pin, { isOutput }] of power.pins.entries()) {
      const net = netAt(cell, pin);
      if (!isOutput || net === undefined) continue;
      driven.add(net);
      drivesClock ||= loads.takeClock.has(net);
      switchingPj += charged(net, edgesAt(cell, pin));
    }
    return { cell, clockPj, internalPj, switchingPj, drivesClock };
  });
  let [clockNetPj, otherNetsPj] = [0, 0];
  for (const cell of cells)
    for (const pin of cell.power.pins.keys()) {
      const net = netAt(cell, pin);
      if (net === undefined || driven.has(net)) continue;
      driven.add(net);
      const energy = charged(net, edgesAt(cell, pin));
      if (loads.takeClock.has(net)) clockNetPj += energy;
      else otherNetsPj += energy;
    }
  return { cells: priced, clockNetPj, otherNetsPj };
}

const netAt = ({ pins, power }: CountedCell, pin: number): number | undefined =>
  pins.get(at(power.pins, pin).name)?.[0];

/** The load of each net in pF, and the nets at pins that take the clock. */
function loadsOf(
  { cells, memories }: NetlistToggles,
  nets: number,
  { wirePf }: NetlistConditions,
): { readonly pf: Float64Array; readonly takeClock: ReadonlySet<number> } {
  const pf = new Float64Array(nets);
  const takeClock = new Set<number>();
  for (const cell of cells)
    for (const [pin, { isOutput, isClock, capacitancePf }] of cell.power.pins.entries()) {
      const net = netAt(cell, pin);
      if (isOutput || net === undefined) continue;
      addAt(pf, net, capacitancePf + wirePf);
      if (isClock) takeClock.add(net);
    }
  // The library has no capacitances of memories.
  for (const { pins } of memories)
    for (const net of [...pins.values()].flat()) if (net !== undefined) addAt(pf, net, wirePf);
  return { pf, takeClock };
}

/** The slew of each net: in the second round, by the slews of the first at the inputs of its driver. */
function slewsOf({ cells }: NetlistToggles, loads: Float64Array): Float64Array {
  let slews = new Float64Array(loads.length);
  for (let round = 0; round < 2; round++) {
    const next = new Float64Array(loads.length);
    for (const cell of cells) {
      const { pins } = cell.power;
      const nets = pins.map((_, pin) => netAt(cell, pin));
      const from = Math.max(
        ...nets.map((net, pin) => (net === undefined || at(pins, pin).isOutput ? 0 : at(slews, net))),
      );
      for (const [pin, { isOutput, slew }] of pins.entries()) {
        const net = nets[pin];
        if (isOutput && net !== undefined) next[net] = slew(from, at(loads, net));
      }
    }
    slews = next;
  }
  return slews;
}

/** The parts of a core in which its cells lie. */
export const netlistParts = ['control', 'lists', 'pipelines', 'clock'] as const;
export type NetlistPart = (typeof netlistParts)[number];

/** Energies in pJ by part. The clock has gates, the clock's side of flip-flops, and the nets between them. */
export function energyByPart(
  { cells, clockNetPj, otherNetsPj }: NetlistEnergies,
  top: string,
): Readonly<Record<NetlistPart, number>> {
  const parts = { control: otherNetsPj, lists: 0, pipelines: 0, clock: clockNetPj };
  for (const { cell, clockPj, internalPj, switchingPj, drivesClock } of cells) {
    const own = cell.module === top ? 'control' : cell.module.startsWith('list_') ? 'lists' : 'pipelines';
    parts[drivesClock ? 'clock' : own] += internalPj + switchingPj;
    parts.clock += clockPj;
  }
  return parts;
}
