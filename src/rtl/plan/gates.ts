import { at } from '../../arrays/index.ts';
import { type CoreImage, layoutOf, Memory } from '../../image/index.ts';
import { operationNamed } from '../../isa/index.ts';
import type { CorePlan, GateMemory, GatePlan, GateWrite, Pipeline, Step } from './core-plan.ts';
import { fieldIn } from './pipelines.ts';

/** Where a memory has fewer tiles, registers take less. */
const leastTiles = 4;

/** @param fields those whose items are tested */
export function planGates(
  fields: readonly number[],
  image: CoreImage,
  pipelines: readonly Pipeline[],
  steps: readonly Step[],
): Pick<CorePlan, 'gates' | 'listLength'> {
  const { lanes } = image.core;
  const memory = new Memory(image);
  const gates = fields.map((index, number): GatePlan => {
    const field = at(image.fields, index);
    const layout = layoutOf(image, field);
    const { rows, wordsPerRow, itemsPerWord } = layout;
    const tiles = Math.ceil(field.count / lanes);
    const initial = [...memory.access(image, field).readAll()].map((item) => item !== 0);
    const clears = steps.flatMap(({ action, number: step }) =>
      action.does === 'clear' && action.fields.includes(index) ? [step] : [],
    );
    const own = {
      ...{ index, number, field, layout, tiles, initial, clears },
      size: Math.max(tiles * lanes, rows * wordsPerRow * itemsPerWord),
      writes: writesOf(index, pipelines),
    };
    return { ...own, memory: memoryOf(own, lanes) };
  });
  return { gates, listLength: Math.max(2, ...gates.map(({ size }) => Math.ceil(size / lanes))) };
}

/** The memories of a gate, if it fits them: its tiles divide words, or words divide tiles. */
function memoryOf(
  { layout, field, writes, size, initial }: Omit<GatePlan, 'memory'>,
  lanes: number,
): GateMemory | undefined {
  const { itemsPerWord, rows, wordsPerRow } = layout;
  const parts = Math.max(1, itemsPerWord / lanes);
  const isAligned = Number.isInteger(Math.log2(parts)) && (parts > 1 || lanes % itemsPerWord === 0);
  const isPlain = rows === 1 && !field.perWord && !initial.includes(true);
  const isWrittenOnce = new Set(writes.map(({ kernel }) => kernel)).size === writes.length;
  if (!isAligned || !isPlain || !isWrittenOnce || size < leastTiles * lanes * parts) return undefined;
  return { parts, depth: Math.max(2, Math.ceil((wordsPerRow * itemsPerWord) / (lanes * parts))) };
}

/** The writes of kernels into the bits of a field. */
function writesOf(index: number, pipelines: readonly Pipeline[]): GateWrite[] {
  return pipelines.flatMap(({ name, first, kernels }) => {
    const stored = first.kernel.code.flatMap(({ mnemonic, operands: [, target] }) => {
      const { does } = operationNamed(mnemonic).effect;
      if ((does !== 'store' && does !== 'reduce') || target?.is !== 'field') return [];
      return [{ of: does === 'store' ? 'tile' : 'row', field: target.field } as const];
    });
    return kernels.flatMap((kernel) =>
      (['tile', 'row'] as const).flatMap((of): GateWrite[] => {
        const found = stored.find(
          (store) => store.of === of && fieldIn(kernel, first, store.field) === index,
        );
        if (found === undefined) return [];
        const port = of === 'tile' ? 'gate' : 'sum_gate';
        return [{ kernel, of, ports: `${name}_${port}${found.field}` }];
      }),
    );
  });
}
