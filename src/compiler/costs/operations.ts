import type { CostClass, HwModel, OperationCost, Unit } from '../../hardware/index.ts';
import type { BoundKernel } from '../../image/index.ts';
import { operationNamed } from '../../isa/index.ts';
import { type PipelineView, unitDemands } from '../../schedule/index.ts';
import { PlasticoreError } from '../../text/index.ts';

/** Operations that a piece of work performs, whatever they cost. */
export interface Demand {
  readonly class: CostClass;
  readonly arithmetic: 'integer' | 'float32';
  /** Of the operands. */
  readonly widthBits: number;
  readonly count: number;
}

/** The operations of a unit of a lane. */
export type UnitCost = OperationCost & { readonly class: CostClass };

/** The operations of a slot of a kernel, grouped by class, arithmetic and width. */
export function demandsOf(
  bound: BoundKernel,
  widths: readonly number[],
  fields: PipelineView['fields'],
): Demand[] {
  const demands: Demand[] = [];
  for (const [line, instruction] of bound.code.entries()) {
    for (const { widthBits = widths[line] ?? 32, ...demand } of unitDemands(instruction, fields))
      addDemand(demands, { ...demand, widthBits });
  }
  return demands;
}

/** Adds to the operations of the same class, arithmetic and width. */
function addDemand<T extends Demand>(demands: T[], more: T): void {
  const same = demands.findIndex(
    (other) =>
      other.class === more.class &&
      other.arithmetic === more.arithmetic &&
      other.widthBits === more.widthBits,
  );
  const known = demands[same];
  if (known === undefined) demands.push(more);
  else demands[same] = { ...known, count: known.count + more.count };
}

/** The costs of operations on a core; those that its units do at the same width are together. */
export function pricedTogether(demands: readonly Demand[], hw: HwModel): UnitCost[] {
  const costs: UnitCost[] = [];
  for (const demand of demands) addDemand(costs, priced(demand, hw));
  return costs;
}

/** An operation at the narrowest width that a core's units of its class offer. */
export function priced({ class: kind, arithmetic, widthBits, count }: Demand, hw: HwModel): UnitCost {
  const unit = unitOf(kind, arithmetic, hw);
  return {
    class: kind,
    arithmetic,
    count,
    ...atWidth(unit.energyPj, widthBits),
    source: unit.sources.energyPj.name,
  };
}

/** The energy at the narrowest width of a table that holds so many bits. */
function atWidth(
  energyPj: Readonly<Record<number, number>>,
  widthBits: number,
): { readonly widthBits: number; readonly energyPj: number } {
  let widest = 0;
  // Keys that are whole numbers are in ascending order.
  for (const key of Object.keys(energyPj)) {
    widest = Number(key);
    if (widest >= widthBits) break;
  }
  return { widthBits: widest, energyPj: energyPj[widest] ?? 0 };
}

function unitOf(kind: CostClass, arithmetic: 'integer' | 'float32', hw: HwModel): Unit {
  const unit = hw.operations[arithmetic][kind];
  if (unit !== undefined) return unit;
  throw new PlasticoreError('fit', `hw-model '${hw.name}' has no ${arithmetic} unit for ${kind}`, {
    hint: `add operations.${arithmetic}.${kind} to it`,
  });
}

/** The trees that join the 16 partial results of each reduce: 15 additions each, or 15 comparisons. */
export function treeDemands(bound: BoundKernel, widths: readonly number[]): Demand[] {
  return bound.code.flatMap(({ mnemonic, arithmetic }, line): Demand[] => {
    const { effect } = operationNamed(mnemonic);
    if (effect.does !== 'reduce') return [];
    return [
      {
        class: effect.joins === 'sum' ? 'add' : 'compare',
        arithmetic: arithmetic === 'real' ? 'float32' : 'integer',
        widthBits: widths[line] ?? 32,
        count: 15,
      },
    ];
  });
}

/**
 * A comparison for each slot of a scanned tile. A kernel scans all its gates whenever it runs, so each gate's share of
 * the scanned tiles is in proportion to its length.
 */
export function scanDemands(
  gates: readonly (number | undefined)[],
  fields: PipelineView['fields'],
  lanes: number,
): Demand[] {
  const scanned = gates.flatMap((index) => fields[index ?? -1] ?? []);
  const tilesOf = ({ count }: { readonly count: number }): number => Math.ceil(count / lanes);
  const tiles = scanned.reduce((sum, gate) => sum + tilesOf(gate), 0);
  return scanned.map(
    (gate): Demand => ({
      class: 'compare',
      arithmetic: gate.storage === 'float32' ? 'float32' : 'integer',
      widthBits: gate.bits,
      count: tilesOf(gate) / tiles,
    }),
  );
}

/** Instructions of a kernel, and the registers that they name, by the width of the instruction. */
export interface InstructionDemand {
  readonly instructions: number;
  readonly registers: ReadonlyMap<number, number>;
}

export function instructionDemand({ code }: BoundKernel, widths: readonly number[]): InstructionDemand {
  const registers = new Map<number, number>();
  for (const [line, { operands }] of code.entries()) {
    const width = widths[line] ?? 32;
    const count = operands.filter(({ is }) => is === 'register').length;
    if (count > 0) registers.set(width, (registers.get(width) ?? 0) + count);
  }
  return { instructions: code.length, registers };
}

/** The fetch of a kernel's instructions for a tile: one for all lanes. */
export function fetchCost(
  { instructions }: InstructionDemand,
  { fetch }: Pick<HwModel, 'fetch'>,
): OperationCost[] {
  if (fetch === undefined) return [];
  const { energyPj, sources } = fetch;
  const source = sources.energyPj.name;
  return [{ class: 'fetch', arithmetic: 'integer', widthBits: 32, count: instructions, energyPj, source }];
}

/** The registers that a kernel's instructions read and write in each slot. */
export function registersCost(
  demand: InstructionDemand,
  { registers }: Pick<HwModel, 'registers'>,
): OperationCost[] {
  if (registers === undefined) return [];
  const costs: OperationCost[] = [];
  const accesses = new Map<number, number>();
  for (const [width, count] of demand.registers) {
    const { widthBits } = atWidth(registers.energyPj, width);
    accesses.set(widthBits, (accesses.get(widthBits) ?? 0) + count);
  }
  for (const [width, count] of accesses) {
    costs.push({
      class: 'registers',
      arithmetic: 'integer',
      count,
      ...atWidth(registers.energyPj, width),
      source: registers.sources.energyPj.name,
    });
  }
  return costs;
}

/** The energy of the sequencer in cycles without a tile. */
export function controlCost(cycles: number, { control }: HwModel): OperationCost[] {
  if (control.energyPj === 0 || cycles === 0) return [];
  const { energyPj, sources } = control;
  return [
    {
      class: 'control',
      arithmetic: 'integer',
      widthBits: 32,
      count: cycles,
      energyPj,
      source: sources.energyPj.name,
    },
  ];
}

/** The energy of a hard-wired core's control in the cycles of a tile; fetch has it elsewhere. */
export function tileControlCost(cycles: number, hw: HwModel): OperationCost[] {
  return hw.sequencer === 'hardwired' ? controlCost(cycles, hw) : [];
}

/** The same for each of the tile's slots. */
export function slotControlCost(cycles: number, hw: HwModel): OperationCost[] {
  return tileControlCost(cycles, hw).map((cost) => ({ ...cost, count: cost.count / hw.lanes }));
}
