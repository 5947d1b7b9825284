import type { HwModel, OperationCost } from '../../hardware/index.ts';
import type { BoundKernel } from '../../image/index.ts';
import { atWidth } from './operations.ts';

/** What the instructions of a kernel cost a slot beside the units: fetch, and the registers that they read and write. */
export function instructionCost(
  { code }: BoundKernel,
  widths: readonly number[],
  { fetch, registers }: HwModel,
): OperationCost[] {
  const costs: OperationCost[] = [];
  if (fetch !== undefined) {
    costs.push({
      class: 'fetch',
      arithmetic: 'integer',
      widthBits: 32,
      count: code.length,
      energyPj: fetch.energyPj,
      source: fetch.sources.energyPj.name,
    });
  }
  if (registers === undefined) return costs;
  const accesses = new Map<number, number>();
  for (const [line, { operands }] of code.entries()) {
    const { widthBits } = atWidth(registers.energyPj, widths[line] ?? 32);
    const count = operands.filter(({ is }) => is === 'register').length;
    accesses.set(widthBits, (accesses.get(widthBits) ?? 0) + count);
  }
  for (const [width, count] of accesses) {
    if (count === 0) continue;
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

/** What the sequencer spends in cycles without a tile. */
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
