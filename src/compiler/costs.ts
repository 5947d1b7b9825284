import type {
  Bank,
  CostClass,
  CostTable,
  HwModel,
  OperationCost,
  StatedCost,
  Unit,
  WorkCost,
} from '../hardware/index.ts';
import { type BoundKernel, type Layout, loadsOf, type StoredAccess, storesOf } from '../image/index.ts';
import { domainNamed, operationNamed } from '../isa/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { MemoryMap } from './allocate.ts';
import type { AnalysedKernel } from './kernels.ts';
import type { SweepUse } from './lists.ts';

/** The prices of everything a program does on a core. */
export function deriveCosts(
  kernels: readonly AnalysedKernel[],
  sweeps: readonly SweepUse[],
  memory: MemoryMap,
  hw: HwModel,
): CostTable {
  return {
    clockMhz: hw.clockMhz,
    lanes: hw.lanes,
    work: [
      ...kernels.map((kernel) => kernelCost(kernel, memory, hw)),
      ...sweeps.map((sweep) => sweepCost(sweep, memory, hw)),
    ],
    banks: hw.banks.map(({ name, readPj, writePj, leakUw, source }) => ({
      name,
      readPj,
      writePj,
      leakUw,
      sourceKind: source.kind,
    })),
    router: { pushPj: hw.router.pushPj, popPj: hw.router.popPj, sourceKind: hw.router.source.kind },
    eventCycles: hw.overheads.eventCycles,
    staticPower: { powerUw: hw.staticPower.powerUw, sourceKind: hw.staticPower.source.kind },
    ...(hw.clockPower && {
      clockPower: { uwPerMhz: hw.clockPower.uwPerMhz, sourceKind: hw.clockPower.source.kind },
    }),
  };
}

/** Words that a tile moves, by bank: fractions where several tiles share a word. */
type Traffic = Map<number, { reads: number; writes: number }>;

function kernelCost({ bound, widths }: AnalysedKernel, memory: MemoryMap, hw: HwModel): WorkCost {
  const stated = hw.kernels[bound.name];
  if (stated !== undefined) return statedCost(stated, hw);
  const perSlot = operationsOf(bound, widths, memory.fields, hw);
  const interval = intervalOf(perSlot, tileTraffic(bound, memory, hw), hw);
  const walksRows = domainNamed(bound.domain).roles.includes('pre');
  const { fillCycles, rowCycles, kernelCycles } = hw.overheads;
  return {
    ...interval,
    runCycles: kernelCycles,
    passCycles: fillCycles + (walksRows ? rowCycles : 0) + rowTrafficCycles(bound, memory, hw),
    spendsBy: hw.columnGate === 'clock' ? 'items' : 'slots',
    perSlot,
    perPass: treeCost(bound, widths, hw),
    perScannedTile: scanCost([bound.rowGate, bound.columnGate], memory.fields, hw),
  };
}

/** What the hw-model states stands for everything but the kernel's bank accesses. */
function statedCost({ source, ...stated }: StatedCost, hw: HwModel): WorkCost {
  return {
    intervalCycles: stated.cyclesPerTile + stated.cyclesPerItem * hw.lanes,
    boundBy: 'stated',
    utilisation: {},
    runCycles: hw.overheads.kernelCycles,
    passCycles: 0,
    spendsBy: 'items',
    perSlot: [],
    perPass: [],
    perScannedTile: [],
    stated: { ...stated, sourceKind: source.kind },
  };
}

/** The trees that join the 16 partial sums of each reduce: 15 additions. */
function treeCost(bound: BoundKernel, widths: readonly number[], hw: HwModel): OperationCost[] {
  return bound.code.flatMap(({ mnemonic, arithmetic }, line) =>
    operationNamed(mnemonic).effect.does === 'reduce'
      ? [priced('add', arithmetic === 'real' ? 'float32' : 'integer', widths[line] ?? 32, 15, hw)]
      : [],
  );
}

/** A clear writes a word a cycle; a test scans its field like a gate. */
function sweepCost(sweep: SweepUse, memory: MemoryMap, hw: HwModel): WorkCost {
  return {
    intervalCycles: 1,
    boundBy: 'issue',
    utilisation: {},
    runCycles: hw.overheads.kernelCycles,
    passCycles: 0,
    spendsBy: 'slots',
    perSlot: [],
    perPass: [],
    perScannedTile: sweep.does === 'test' ? scanCost(sweep.fields, memory.fields, hw) : [],
  };
}

/**
 * A comparison for each slot of a scanned tile. A kernel scans all its gates whenever it runs, so of its scanned tiles
 * each gate has the share of its own length.
 */
function scanCost(
  gates: readonly (number | undefined)[],
  fields: MemoryMap['fields'],
  hw: HwModel,
): OperationCost[] {
  const scanned = gates.flatMap((index) => fields[index ?? -1] ?? []);
  const tilesOf = ({ count }: { readonly count: number }): number => Math.ceil(count / hw.lanes);
  const tiles = scanned.reduce((sum, gate) => sum + tilesOf(gate), 0);
  return scanned.map((gate) => {
    const arithmetic = gate.storage === 'float32' ? 'float32' : 'integer';
    return priced('compare', arithmetic, gate.bits, tilesOf(gate) / tiles, hw);
  });
}

/** The operations that a slot of a kernel costs, gathered by class, arithmetic and width. */
function operationsOf(
  bound: BoundKernel,
  widths: readonly number[],
  fields: MemoryMap['fields'],
  hw: HwModel,
): OperationCost[] {
  const costs: OperationCost[] = [];
  const charge = (
    kind: CostClass,
    arithmetic: 'integer' | 'float32',
    widthBits: number,
    count: number,
  ): void => {
    const cost = priced(kind, arithmetic, widthBits, count, hw);
    const same = costs.findIndex(
      (other) =>
        other.class === kind && other.arithmetic === arithmetic && other.widthBits === cost.widthBits,
    );
    const known = costs[same];
    if (known === undefined) costs.push(cost);
    else costs[same] = { ...known, count: known.count + count };
  };
  for (const [line, { mnemonic, operands, arithmetic }] of bound.code.entries()) {
    const operation = operationNamed(mnemonic);
    const numbers = arithmetic === 'real' ? 'float32' : 'integer';
    for (const [kind, count] of Object.entries(operation.cost) as [CostClass, number][]) {
      // The generator draws words, and logic passes bits, whatever they stand for.
      if (kind === 'random') charge(kind, 'integer', 32, count);
      else if (kind === 'logic') charge(kind, 'integer', widths[line] ?? 32, count);
      else charge(kind, numbers, widths[line] ?? 32, count);
    }
    // The rounding adder of a view: on the read path of a sliced weight, or before the copy of a stored one is written.
    for (const operand of operands) {
      if (operand.is !== 'field') continue;
      const field = fields[operand.field];
      if (field === undefined) continue;
      const isLoad = operation.effect.does === 'load';
      const isSliced =
        isLoad && field.view !== undefined && field.layout === undefined && field.view.droppedBits > 0;
      if (isSliced && numbers === 'float32') charge('shift', 'float32', 32, 1);
      if ((isSliced && numbers === 'integer') || (!isLoad && field.storedView !== undefined)) {
        const width = field.view === undefined ? field.bits : (fields[field.view.of]?.bits ?? field.bits);
        charge('add', 'integer', width, 1);
        charge('compare', 'integer', width, 1);
      }
    }
  }
  return costs;
}

/** One operation at the narrowest width that a core's units of a class offer. */
function priced(
  kind: CostClass,
  arithmetic: 'integer' | 'float32',
  widthBits: number,
  count: number,
  hw: HwModel,
): OperationCost {
  const unit = unitOf(kind, arithmetic, hw);
  const widths = Object.keys(unit.energyPj)
    .map(Number)
    .sort((a, b) => a - b);
  const width = widths.find((offered) => offered >= widthBits) ?? widths.at(-1) ?? 0;
  return {
    class: kind,
    arithmetic,
    widthBits: width,
    count,
    energyPj: unit.energyPj[width] ?? 0,
    sourceKind: unit.source.kind,
  };
}

function unitOf(kind: CostClass, arithmetic: 'integer' | 'float32', hw: HwModel): Unit {
  const unit = hw.operations[arithmetic][kind];
  if (unit !== undefined) return unit;
  throw new PlasticoreError('fit', `hw-model '${hw.name}' has no ${arithmetic} unit for ${kind}`, {
    hint: `add operations.${arithmetic}.${kind} to it`,
  });
}

/** The initiation interval: the busiest of issue, units and ports. */
function intervalOf(
  perSlot: readonly OperationCost[],
  traffic: Traffic,
  hw: HwModel,
): Pick<WorkCost, 'intervalCycles' | 'boundBy' | 'utilisation'> {
  const busy: Record<string, number> = { issue: 1 };
  for (const { class: kind, arithmetic, count } of perSlot) {
    const name = `${arithmetic} ${kind}`;
    busy[name] = (busy[name] ?? 0) + count / unitOf(kind, arithmetic, hw).unitsPerLane;
  }
  for (const [index, { reads, writes }] of traffic) {
    const bank = hw.banks[index];
    if (bank !== undefined) Object.assign(busy, portBusy(bank, reads, writes));
  }
  const [boundBy, most] = Object.entries(busy).reduce((a, b) => (b[1] > a[1] ? b : a));
  const intervalCycles = Math.ceil(most);
  const utilisation = Object.fromEntries(
    Object.entries(busy).map(([name, cycles]) => [name, cycles / intervalCycles]),
  );
  return { intervalCycles, boundBy, utilisation };
}

function portBusy({ name, ports }: Bank, reads: number, writes: number): Record<string, number> {
  if ('shared' in ports) return { [`${name} bank ports`]: (reads + writes) / ports.shared };
  return {
    [`${name} bank read ports`]: reads / ports.read,
    [`${name} bank write ports`]: writes / ports.write,
  };
}

function tileTraffic(bound: BoundKernel, memory: MemoryMap, hw: HwModel): Traffic {
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

/** Cycles that the loads and the store of the pre-synaptic neuron take, once a row. */
function rowTrafficCycles(bound: BoundKernel, memory: MemoryMap, hw: HwModel): number {
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
