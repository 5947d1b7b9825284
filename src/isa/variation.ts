import { PlasticoreError } from '../text/index.ts';
import { type AnyInstruction, type AnyOperand, forward, type Source } from './dataflow.ts';
import type { Instruction } from './kernel.ts';

/** Among which items of a kernel a value differs. */
export interface Variation {
  /** Whether it may differ from row to row: it comes from the pre-synaptic neuron, the synapse or a generator. */
  readonly byRow: boolean;
  /** Whether it may differ between the columns of a row, or between its tiles alone, as what `any` gives. */
  readonly byColumn: 'no' | 'tile' | 'item';
}

const constant: Variation = { byRow: false, byColumn: 'no' };
const ofItem: Variation = { byRow: true, byColumn: 'item' };

/** For each instruction, among which items its result differs (of one without a result, what it takes). */
export function findVariations(code: readonly AnyInstruction[]): Variation[] {
  return forward<AnyInstruction, Variation>(code, ({ operation: { draws, effect }, sources }) => {
    const own = draws || effect.does === 'draw' ? ofItem : constant;
    const found = sources.map(variationOf).reduce(join, own);
    // What any item of a tile has, the whole tile has; but other tiles may not. It is asked tile by tile, even of a value
    // that a row shares.
    return effect.does === 'any' ? { ...found, byColumn: 'tile' } : found;
  });
}

function variationOf({ operand, fact }: Source<AnyOperand, Variation>): Variation {
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
 * Checks that predicates are one for all items that share the access which they switch.
 *
 * @throws PlasticoreError `microcode` where the predicate of a predicated load differs within a row, or that of a
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
