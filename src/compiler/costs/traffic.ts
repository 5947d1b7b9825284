import type { Bank, HwModel } from '../../hardware/index.ts';
import {
  type BoundKernel,
  indexLayoutOf,
  type Layout,
  loadsOf,
  type StoredAccess,
  storesOf,
} from '../../image/index.ts';
import { domainNamed } from '../../isa/index.ts';
import type { ProgramMemory } from './program-memory.ts';

/** Words moved, by bank: fractions if several tiles share a word. */
export type Traffic = Map<number, { reads: number; writes: number }>;

/** Cycles for which a bank's ports are busy with these words, by port name. */
export function portBusy({ name, ports }: Bank, reads: number, writes: number): Record<string, number> {
  if ('shared' in ports) return { [`${name} bank ports`]: (reads + writes) / ports.shared };
  return {
    [`${name} bank read ports`]: reads / ports.read,
    [`${name} bank write ports`]: writes / ports.write,
  };
}

/** Words that a tile of a kernel moves, excluding those that a row moves once. */
export function tileTraffic(bound: BoundKernel, memory: ProgramMemory, lanes: number): Traffic {
  const listed = listedTargets(bound, memory);
  const items = Math.min(lanes, listed?.block ?? lanes);
  const perTile = ({ role, layout }: StoredAccess): number => {
    if (domainNamed(bound.domain).single) return 1;
    const words = items / layoutAt(memory, layout).itemsPerWord;
    // Targets that are listed may lie anywhere: no two of their blocks share a word.
    return listed === undefined || role === 'syn' ? words : Math.max(1, words);
  };
  const traffic: Traffic = new Map();
  if (listed !== undefined) {
    const { bank, itemsPerWord } = layoutAt(memory, listed.index);
    add(traffic, bank, 'reads', 1 / itemsPerWord / Math.ceil(listed.block / lanes));
  }
  for (const load of loadsOf(bound, memory.fields).filter(({ role }) => role !== 'pre')) {
    add(traffic, layoutAt(memory, load.layout).bank, 'reads', perTile(load));
  }
  for (const store of storesOf(bound, memory).filter(({ role }) => role !== 'pre')) {
    const { bank } = layoutAt(memory, store.layout);
    add(traffic, bank, 'writes', perTile(store));
    if (store.readsFirst) add(traffic, bank, 'reads', perTile(store));
  }
  return traffic;
}

/** For a kernel over rows whose targets are listed: the layout of their index, and the longest of their blocks. */
function listedTargets(
  bound: BoundKernel,
  memory: ProgramMemory,
): { readonly index: number; readonly block: number } | undefined {
  const index = indexLayoutOf(bound, memory);
  if (index === undefined) return undefined;
  const { length } = memory.projections[bound.projection ?? -1]?.segments ?? { length: new Uint32Array() };
  return { index, block: length.reduce((most, count) => Math.max(most, count), 1) };
}

/** Words moved by the loads and stores of the pre-synaptic neuron, once per row. */
export function rowTraffic(bound: BoundKernel, memory: ProgramMemory): Traffic {
  const traffic: Traffic = new Map();
  for (const load of loadsOf(bound, memory.fields).filter(({ role }) => role === 'pre')) {
    add(traffic, layoutAt(memory, load.layout).bank, 'reads', 1);
  }
  for (const store of storesOf(bound, memory).filter(({ role }) => role === 'pre')) {
    const { bank } = layoutAt(memory, store.layout);
    add(traffic, bank, 'writes', 1);
    if (store.readsFirst) add(traffic, bank, 'reads', 1);
  }
  return traffic;
}

/** The cycles that banks need for words that are moved at once. */
export function trafficCycles(traffic: Traffic, hw: HwModel): number {
  const cycles = [...traffic].flatMap(([index, { reads, writes }]) => {
    const bank = hw.banks[index];
    return bank === undefined ? [] : Object.values(portBusy(bank, reads, writes));
  });
  return Math.ceil(Math.max(0, ...cycles));
}

function add(traffic: Traffic, bank: number, what: 'reads' | 'writes', words: number): void {
  const entry = traffic.get(bank) ?? { reads: 0, writes: 0 };
  entry[what] += words;
  traffic.set(bank, entry);
}

function layoutAt(memory: ProgramMemory, index: number): Layout {
  const layout = memory.layouts[index];
  if (layout === undefined) throw new Error(`no layout ${index}`);
  return layout;
}
