import { drawBits } from '../arithmetic.ts';
import type { Operation } from '../operation.ts';
import { valueRange } from '../value-range.ts';
import { amountBetween, first, plainFacts } from './families.ts';

/** Operations that reach beyond a lane's registers and fields: generators, the FIFO, sums over a row. */
export const coreOperations: readonly Operation[] = [
  {
    mnemonic: 'rnd',
    group: 'core',
    operands: ['result', 'constant'],
    kinds: ['integer', '-'],
    cost: { random: 1 },
    draws: true,
    meaning: 'an unsigned draw of n bits (0 to 31) from the lane’s generator',
    effect: {
      does: 'compute',
      overflow: 'proven',
      integer: () => (n, _b, _c, random) => drawBits(random, n),
      lower: (code, n) => code.draw(n),
      range: (operands) => valueRange(0, 2 ** first(operands).high - 1),
      check: amountBetween(0, 0),
      ...plainFacts,
    },
  },
  {
    mnemonic: 'draw',
    group: 'core',
    operands: ['result', 'generator'],
    kinds: ['integer', '-'],
    cost: { random: 1 },
    meaning:
      'a word of a generator that the hw-model declares; it advances once for each group of its lanes that holds an item',
    effect: { does: 'draw', predicated: false },
  },
  {
    mnemonic: 'draw.if',
    group: 'core',
    operands: ['result', 'generator', 'register'],
    kinds: ['integer', '-', 'B'],
    cost: { random: 1 },
    meaning:
      'the same, but the generator advances only if the predicate of the group’s first item is not zero; otherwise the word is zero',
    effect: { does: 'draw', predicated: true },
  },
  {
    mnemonic: 'any',
    group: 'core',
    operands: ['result', 'register'],
    kinds: ['flag', 'B'],
    cost: { logic: 1 },
    meaning:
      '1 in all lanes of a tile if a is not zero in any of them, else 0; for kernels that run by columns, on values that all rows share',
    effect: { does: 'any' },
  },
  {
    mnemonic: 'emit',
    group: 'core',
    operands: ['register'],
    kinds: ['B'],
    cost: {},
    meaning: 'pushes the item’s index into the event FIFO where the value is not zero',
    effect: { does: 'emit', sends: false },
  },
  {
    mnemonic: 'emit.v',
    written: 'emit',
    group: 'core',
    operands: ['register', 'value'],
    kinds: ['B', 'N'],
    cost: {},
    meaning:
      'the same, and the event carries b to the kernels that it runs, as ev.value, saturated to the payload of the population; written emit a, b',
    effect: { does: 'emit', sends: true },
  },
  {
    mnemonic: 'correlate',
    group: 'core',
    operands: ['result', 'field', 'field', 'register'],
    kinds: ['N', 'flag', 'N', 'integer'],
    cost: { move: 1, logic: 1, add: 1 },
    meaning:
      'the sum, over all positions p at which the flag of the first field is set, of the second field at position p - a; a position that does not exist counts as 0. Takes the units once for each position, and loads all of them',
    effect: { does: 'correlate' },
  },
  {
    mnemonic: 'reduce',
    group: 'core',
    operands: ['register', 'field'],
    kinds: ['N', 'N'],
    cost: { add: 1 },
    meaning:
      'overwrites a field of the pre-synaptic neuron with the sum over its row; neurons whose row is not visited keep their value',
    effect: { does: 'reduce', joins: 'sum' },
  },
  {
    mnemonic: 'reduce.max',
    group: 'core',
    operands: ['register', 'field'],
    kinds: ['N', 'N'],
    cost: { compare: 1 },
    meaning:
      'overwrites a field of the pre-synaptic neuron with the largest value of its row’s active columns; a visited row without active columns gives -2^31, on float32 minus infinity, which saturates or wraps as the field declares',
    effect: { does: 'reduce', joins: 'largest' },
  },
];
