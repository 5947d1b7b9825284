import { PlasticoreError } from '../text/index.ts';
import { type AnyInstruction, type AnyOperand, forward, type SourceOperand } from './dataflow.ts';
import type { Instruction } from './kernel.ts';

/** Across which items of a kernel a value varies. */
export interface Variation {
  /** Whether it may vary from row to row: it comes from the pre-synaptic neuron, the synapse or a generator. */
  readonly byRow: boolean;
  /** Whether it may vary between the columns of a row, or only between its tiles, like the result of `any`. */
  readonly byColumn: 'no' | 'tile' | 'item';
}

const constant: Variation = { byRow: false, byColumn: 'no' };
const ofItem: Variation = { byRow: true, byColumn: 'item' };

/** For each instruction, across which items its result varies (without a result: its operands). */
export function findVariations(code: readonly AnyInstruction[]): Variation[] {
  return forward<AnyInstruction, Variation>(code, ({ operation: { draws, effect }, sources }) => {
    const own = draws || effect.does === 'draw' ? ofItem : constant;
    const found = sources.map(variationOf).reduce(join, own);
    // All items of a tile share the result of `any`, but tiles may differ. It is computed per tile, even for a value
    // that a row shares.
    return effect.does === 'any' ? { ...found, byColumn: 'tile' } : found;
  });
}

function variationOf({ operand, fact }: SourceOperand<AnyOperand, Variation>): Variation {
  if (operand.is === 'register') return fact ?? ofItem;
  switch (operand.role) {
    case 'pre':
      return { byRow: true, byColumn: 'no' };
    case 'post':
    case 'self':
      return { byRow: false, byColumn: 'item' };
    case 'syn':
      return ofItem;
    default:
      return constant;
  }
}

const order = ['no', 'tile', 'item'] as const;

function join(a: Variation, b: Variation): Variation {
  const byColumn = order.indexOf(a.byColumn) > order.indexOf(b.byColumn) ? a.byColumn : b.byColumn;
  return { byRow: a.byRow || b.byRow, byColumn };
}

/**
 * Checks that all items that share an access have the same predicate for it.
 *
 * @throws PlasticoreError `microcode` if the predicate of a predicated load varies within a row, or that of a
 * predicated store within a tile
 */
export function checkPredicates(body: readonly Instruction[]): void {
  const variations = findVariations(body);
  forward(body, ({ instruction, operation: { effect }, sources }) => {
    if ((effect.does !== 'load' && effect.does !== 'store') || !effect.predicated) return;
    const predicate = sources.at(-1);
    if (predicate?.operand.is !== 'register') return;
    const { register } = predicate.operand;
    const { byColumn } = variations[predicate.definition ?? -1] ?? ofItem;
    if (effect.does === 'load' ? byColumn !== 'no' : byColumn === 'item')
      refuse(instruction, register, effect.does === 'load');
  });
}

function refuse({ mnemonic, place }: Instruction, register: number, isLoad: boolean): never {
  throw new PlasticoreError(
    'microcode',
    `the predicate r${register} of ${mnemonic} differs within a ${isLoad ? 'row' : 'tile'}`,
    {
      ...place,
      hint: isLoad
        ? 'compute it from fields of pre, host scalars, event scalars and constants only'
        : 'compute it from what any gives, from fields of pre, host scalars, event scalars and constants only',
    },
  );
}
