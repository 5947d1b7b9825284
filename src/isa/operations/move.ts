import type { Operation } from '../operation.ts';
import { closed, first, plain } from './families.ts';

/** Operations that move values between fields and registers. */
export const moves: readonly Operation[] = [
  {
    mnemonic: 'ldi',
    group: 'move',
    operands: ['result', 'constant'],
    kinds: ['A', 'A'],
    cost: { move: 1 },
    meaning: 'loads a constant',
    effect: {
      does: 'compute',
      overflow: 'proven',
      integer: () => (a) => a,
      real: (a) => a,
      lower: (_code, a) => a,
      range: first,
      ...plain,
      passes: [0],
    },
  },
  {
    mnemonic: 'ld',
    group: 'move',
    operands: ['result', 'field'],
    kinds: ['A', 'A'],
    cost: {},
    meaning:
      'loads a field of the item (or its `index`, or a host or event scalar, none of which costs a bank access)',
    effect: { does: 'load', predicated: false },
  },
  {
    mnemonic: 'ld.row',
    group: 'move',
    operands: ['result', 'field', 'register'],
    kinds: ['A', 'A', 'B'],
    cost: {},
    meaning:
      'loads, and counts the access, only if the predicate, the same for the whole row, is not zero; otherwise the result is zero',
    effect: { does: 'load', predicated: true },
  },
  {
    mnemonic: 'st',
    group: 'move',
    operands: ['register', 'field'],
    kinds: ['A', 'A'],
    cost: {},
    meaning: 'stores into a field, which saturates or wraps as declared',
    effect: { does: 'store', predicated: false },
  },
  {
    mnemonic: 'st.tile',
    group: 'move',
    operands: ['register', 'field', 'register'],
    kinds: ['A', 'A', 'B'],
    cost: {},
    meaning:
      'stores, and counts the access, only in tiles where the predicate, the same for the whole tile, is not zero',
    effect: { does: 'store', predicated: true },
  },
  {
    mnemonic: 'floor',
    group: 'move',
    operands: ['result', 'value'],
    kinds: ['integer', 'N'],
    cost: { move: 1 },
    meaning:
      'the largest integer that is not above a, as a position needs: a itself on integers; a float saturates at 32 bits',
    effect: {
      does: 'compute',
      overflow: 'proven',
      integer: () => (a) => a,
      real: (a) => Math.min(2 ** 31 - 1, Math.max(-(2 ** 31), Math.floor(a))),
      lower: (code, a) => code.floor(a),
      range: first,
      ...plain,
      passes: [0],
    },
  },
  {
    mnemonic: 'ld.at',
    group: 'move',
    operands: ['result', 'field', 'register'],
    kinds: ['A', 'A', 'integer'],
    cost: {},
    meaning:
      'loads the number at position a of a field with positions; each active item takes an access of its own',
    effect: { does: 'load', predicated: false, at: true },
  },
  {
    mnemonic: 'st.at',
    group: 'move',
    operands: ['register', 'field', 'register'],
    kinds: ['A', 'A', 'integer'],
    cost: {},
    meaning: 'stores a at position b of a field with positions; each active item takes an access of its own',
    effect: { does: 'store', predicated: false, at: true },
  },
  closed(
    'mov',
    'move',
    ['A', 'A'],
    { move: 1 },
    'copies',
    (a) => a,
    (_code, a) => a,
    first,
    { passes: [0] },
  ),
];
