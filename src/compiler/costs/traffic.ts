import type { Bank, HwModel } from '../../hardware/index.ts';
import { type BoundKernel, type Layout, loadsOf, type StoredAccess, storesOf } from '../../image/index.ts';
import { domainNamed } from '../../isa/index.ts';
import type { MemoryMap } from '../fields/index.ts';

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
export function tileTraffic(bound: BoundKernel, memory: MemoryMap, hw: HwModel): Traffic {
  const perTile = ({ layout }: StoredAccess): number =>
    domainNamed(bound.domain).single ? 1 : hw.lanes / layoutAt(memory, layout).itemsPerWord;
  const traffic: Traffic = new Map();
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

/** Cycles for the loads and stores of the pre-synaptic neuron, once per row. */
export function rowTrafficCycles(bound: BoundKernel, memory: MemoryMap, hw: HwModel): number {
  const traffic: Traffic = new Map();
  for (const load of loadsOf(bound, memory.fields).filter(({ role }) => role === 'pre')) {
    add(traffic, layoutAt(memory, load.layout).bank, 'reads', 1);
  }
  for (const store of storesOf(bound, memory).filter(({ role }) => role === 'pre')) {
    const { bank } = layoutAt(memory, store.layout);
    add(traffic, bank, 'writes', 1);
    if (store.readsFirst) add(traffic, bank, 'reads', 1);
  }
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

function layoutAt(memory: MemoryMap, index: number): Layout {
  const layout = memory.layouts[index];
  if (layout === undefined) throw new Error(`no layout ${index}`);
  return layout;
}
