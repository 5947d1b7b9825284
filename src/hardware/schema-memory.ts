import * as z from 'zod';
import { choice, expected, key, strictObject, whole } from '../text/index.ts';
import { flavours } from './estimate/index.ts';
import { count, estimable, figure, sourceOfStated, text } from './schema-values.ts';

/** The costs of a bank, unless `macros` determines them. */
const bankCosts = {
  readPj: key(
    estimable('pJ'),
    'Energy in pJ of reading one word, or `auto`: [estimated](estimators/sram.md) from capacity, word, node and supply.',
    32.16,
  ).optional(),
  writePj: key(estimable('pJ'), 'Energy in pJ of writing one word, or `auto`.', 33.9).optional(),
  leakUw: key(
    estimable('uW'),
    'Leakage of the whole bank in µW, or `auto`: from capacity, ports, `flavour`, node, supply and temperature.',
    409.6,
  ).optional(),
  areaUm2: key(estimable('um2'), 'Area of the whole bank in µm², or `auto`.', 713000).optional(),
  wirePj: key(
    estimable('pJ'),
    'Energy in pJ of carrying one word between the bank and the lanes, or `auto`: [estimated](estimators/wires.md) from the word, the area of the core and the supply. If absent, another figure contains it.',
    12.4,
  ).optional(),
  accessNs: key(
    estimable('ns'),
    "Time in ns of an access, or `auto`; at most the clock's period. If absent, it is estimated where `readPj` is `auto`, and not checked elsewhere.",
    2.2,
  ).optional(),
};

const ports = (meaning: string) => key(whole('a number of ports', 1, 64), meaning, 1).optional();

export const bank = strictObject({
  capacityBits: key(
    count('a capacity in bits'),
    'Capacity in bits, a multiple of `wordBits`. With `macros`, the least capacity; it is rounded up to whole macros.',
    4194304,
  ),
  wordBits: key(
    count('a width in bits'),
    'Width of a word in bits. Each access reads or writes one word.',
    128,
  ),
  ports: key(
    strictObject({
      read: ports('Ports that only read: words read in a cycle. Goes with `write`.'),
      write: ports('Ports that only write: words written in a cycle. Goes with `read`.'),
      shared: ports('Ports that read or write: accesses in a cycle. Excludes `read` and `write`.'),
    }),
    'The ports: either `read` and `write`, or `shared`.',
    { read: 1, write: 1 },
  ),
  bitMask: key(
    z.boolean({ error: expected('true or false') }),
    'Whether single bits of a word can be written. If not, writing a part of a word costs a read first.',
  ),
  ...bankCosts,
  flavour: key(
    choice(flavours),
    'The transistors, by how much they leak, from which `auto` estimates leakage: `low-standby`, `standard`, `low-operating` or `high-performance`. If absent, `standard`.',
    'low-standby',
  ).optional(),
  cellUm2: key(
    figure('um2 a bit'),
    'Area in µm² of a cell of one bit, in place of that of a foundry at this node, for an area that is `auto`.',
    0.12,
  ).optional(),
  macros: key(
    text('the name of a CSV file of SRAM macros'),
    'A CSV file of SRAM macros, by its path from this file, from which the bank is built, instead of `readPj`, `writePj`, `leakUw`, `areaUm2` and `accessNs`; it wins over `auto`. Its columns are words, bits, ports (`1r1w`: one that reads and one that writes; `1rw`: one that does either), readPj, writePj, leakUw, areaUm2 and accessNs.',
    'macros.csv',
  ).optional(),
  source: sourceOfStated,
});
