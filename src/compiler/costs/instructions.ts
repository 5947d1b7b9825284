import type { HwModel, OperationCost } from '../../hardware/index.ts';
import type { BoundKernel } from '../../image/index.ts';
import { atWidth } from './operations.ts';

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

/** The costs of a kernel's instructions per slot beside the units: fetch, and the registers read and written. */
export function instructionCost(
  demand: InstructionDemand,
  { fetch, registers }: Pick<HwModel, 'fetch' | 'registers'>,
): OperationCost[] {
  const costs: OperationCost[] = [];
  if (fetch !== undefined) {
    costs.push({
      class: 'fetch',
      arithmetic: 'integer',
      widthBits: 32,
      count: demand.instructions,
      energyPj: fetch.energyPj,
      source: fetch.sources.energyPj.name,
    });
  }
  if (registers === undefined) return costs;
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

/** The energy of a hard-wired core's control in the cycles of a tile, for each slot; fetch has it elsewhere. */
export function tileControlCost(cycles: number, hw: HwModel): OperationCost[] {
  return hw.sequencer === 'hardwired'
    ? controlCost(cycles, hw).map((cost) => ({ ...cost, count: cost.count / hw.lanes }))
    : [];
}
