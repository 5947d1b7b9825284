import * as z from 'zod';
import { expected, key, recordOf, strictObject, whole } from '../text/index.ts';
import { count, nameKey, nameKeyError, sourceName, text } from './schema-values.ts';

const number = (what: string) => whole(what, 0, 2 ** 31 - 1);

const memory = strictObject({
  count: key(number('a number of blocks'), 'Blocks of the part.', 208),
  bits: key(count('a capacity in bits'), 'Bits of a block, without those that are for checks.', 16384),
  narrowest: key(count('a width in bits'), 'The narrowest word of a block, in bits: a power of two.', 1),
  widest: key(count('a width in bits'), 'The widest word of a block, in bits: a power of two.', 32),
  enabledBits: key(count('a width in bits'), 'Bits of a word that one enable writes.', 8),
  leastBits: key(
    number('a number of bits'),
    'A memory with fewer bits than this is kept in lookup tables or registers.',
    2048,
  ),
  singlePort: key(
    z.boolean({ error: expected('true or false') }),
    'Whether a block has one port that reads or writes. Only banks with one shared port take such blocks, words as a whole.',
    false,
  ).default(false),
});

const used = strictObject({
  program: key(text('the name of a program'), 'The program that was synthesised.', 'mnist-snn'),
  precision: key(text('a precision, such as mp8-8'), 'The precision.', 'mp8-8'),
  lanes: key(count('a number of lanes'), 'The number of lanes.', 16),
  luts: key(number('a number of lookup tables'), 'Lookup tables of the core.', 29477),
  multipliers: key(number('a number of multipliers'), 'Multipliers of the core.', 48),
  blocks: key(
    recordOf(nameKey, number('a number of blocks'), { error: nameKeyError }),
    'Blocks of the core, by kind.',
    { block: 129 },
  ),
  source: sourceName,
});

/** The resources of a part, in place of areas. */
export const fpga = strictObject({
  part: key(
    text('the name of a part'),
    'The part, as [Verilog](build-your-core.md) is synthesised for it.',
    'ecp5-85k',
  ),
  luts: key(count('a number of lookup tables'), 'Lookup tables of four inputs.', 83640),
  multipliers: key(
    strictObject({
      count: key(number('a number of multipliers'), 'Multipliers of the part.', 156),
      bits: key(count('a width in bits'), 'Width of their operands in bits.', 18),
    }),
    'The multipliers. A product of wider operands takes several.',
    { count: 156, bits: 18 },
  ),
  memories: key(
    recordOf(nameKey, memory, { error: nameKeyError }),
    'Kinds of block memories, by name. A bank takes blocks of the first kind of which there are enough.',
    { block: { count: 208, bits: 16384, narrowest: 1, widest: 32, enabledBits: 8, leastBits: 2048 } },
  ),
  source: sourceName,
  core: key(
    used,
    'The resources of the part that a core takes as synthesised, for the one program that it is wired for; others are refused. [Synthesis](build-your-core.md#on-an-fpga) writes it. Without it, blocks and multipliers are counted from shapes, and lookup tables are not known.',
  ).optional(),
});
