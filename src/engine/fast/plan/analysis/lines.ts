import type { BoundKernel, CoreImage, ImageInstruction } from '../../../../image/index.ts';
import {
  findDefinitions,
  findReaders,
  findVariations,
  type InstructionRange,
  type Operation,
  operationNamed,
  type ValueRange,
  type Variation,
} from '../../../../isa/index.ts';
import { isDiscardedBeyond16, maySaturateAt16 } from './lanes.ts';
import { findUnchanged } from './unchanged.ts';

/**
 * When an instruction is carried out: once in a run of the kernel, once for each row, once for each tile of columns
 * (in kernels that run by columns), or for each item, a vector of them at a time.
 */
export type Granularity = 'run' | 'row' | 'tile' | 'item';

/** An instruction of a kernel, with all decisions about it. */
export interface LinePlan {
  readonly line: number;
  readonly instruction: ImageInstruction;
  readonly operation: Operation;
  readonly when: Granularity;
  /** When the predicate of a predicated load or store is evaluated; undefined where there is none. */
  readonly predicateWhen: Granularity | undefined;
  /** For each register, the line that has written it last. */
  readonly definitions: ReadonlyMap<number, number>;
  /** Range of an integer result, or undefined. */
  readonly range: ValueRange | undefined;
  /** Whether lanes of 16 bits may saturate it, since only stores that saturate there read it. */
  readonly saturates: boolean;
  /** Whether lanes of 16 bits may wrap it: no select takes the lost values. */
  readonly isDiscarded: boolean;
  /** Of a draw from a declared generator: how many draws from it, this one included, are to come before a new group. */
  readonly drawsAhead: number;
  /** Of a store: whether it would not change inactive items. */
  readonly isUnchanged: boolean;
}

/** @param rows how many rows a run visits: none for kernels over neurons, or over weights, whose rows have no neuron */
export function planLines(
  kernel: BoundKernel,
  image: CoreImage,
  ranges: readonly InstructionRange[],
  rows: 'none' | 'one' | 'many',
): LinePlan[] {
  const { code, order } = kernel;
  const definitions = findDefinitions(code);
  const variations = findVariations(code);
  const readers = findReaders(code);
  const unchanged = findUnchanged(kernel, image, ranges);
  const whenOf = ({ byRow, byColumn }: Variation): Granularity => {
    if (byColumn !== 'no') return order === 'columns' && !byRow ? 'tile' : 'item';
    if (rows === 'none') return 'run';
    return rows === 'one' || byRow ? 'row' : 'run';
  };
  return code.map((instruction, line) => {
    const operation = operationNamed(instruction.mnemonic);
    const { effect, operands } = operation;
    const variation = variations[line];
    // An instruction without a result acts on the world, and does so for each item.
    const isOfItems = operands[0] !== 'result' || variation === undefined;
    const isPredicated = (effect.does === 'load' || effect.does === 'store') && effect.predicated;
    const predicate = isPredicated ? instruction.operands[2] : undefined;
    const ofPredicate =
      predicate?.is === 'register'
        ? variations[definitions[line]?.get(predicate.register) ?? -1]
        : ({ byRow: false, byColumn: 'no' } as const);
    return {
      line,
      instruction,
      operation,
      when: isOfItems ? 'item' : whenOf(variation),
      predicateWhen: predicate && (ofPredicate === undefined ? 'item' : whenOf(ofPredicate)),
      definitions: definitions[line] ?? new Map(),
      range: ranges[line]?.result,
      saturates: maySaturateAt16(kernel, line, readers[line] ?? [], image),
      isDiscarded: isDiscardedBeyond16(kernel, line, ranges),
      drawsAhead: drawsAhead(code, line),
      isUnchanged: unchanged[line] ?? false,
    };
  });
}

function drawsAhead(code: readonly ImageInstruction[], line: number): number {
  const generator = code[line]?.operands.find(({ is }) => is === 'generator');
  if (generator?.is !== 'generator') return 0;
  return code
    .slice(line)
    .filter(({ operands }) =>
      operands.some((one) => one.is === 'generator' && one.generator === generator.generator),
    ).length;
}
