import * as z from 'zod';
import { choice, expected, key, strictObject, whole } from '../text/index.ts';
import { auto, estimable, text } from './schema-values.ts';

const aRate = expected('a probability (a number, 0 to 0.5, or auto)');

const aLoss = expected('a probability (a number, 0 to 1)');

/** Cells of banks that fail, and packets that are lost. */
export const faults = strictObject({
  seed: key(
    whole('a seed', 0, 2 ** 32 - 1),
    'The number of the chip: each chip has its own failing cells, and loses packets of its own. Cells that fail at a supply fail at every lower one.',
    1,
  ),
  banks: key(
    z
      .array(text('the name of a bank'), { error: expected('a list of banks, such as [weight, shadow]') })
      .min(1, { error: expected('a list of banks, such as [weight, shadow]') }),
    'The banks whose cells fail. Both this and `bitErrorRate`, or neither.',
    ['weight', 'shadow'],
  ).optional(),
  bitErrorRate: key(
    z.union(
      [z.number({ error: aRate }).min(0, { error: aRate }).max(0.5, { error: aRate }), z.literal(auto)],
      {
        error: aRate,
      },
    ),
    'The probability that a cell fails. `auto`: as the supply of the banks says, by `failureV` and `spreadV`.',
    0.001,
  ).optional(),
  errors: key(
    choice(['stuck', 'fresh']),
    'The behaviour of a cell that fails. `stuck`: it holds the same bit for ever, whatever is written. `fresh`: in each time step other cells read as their opposite; what they hold stays.',
    'stuck',
  ).optional(),
  prefers: key(
    z.union([z.literal(0), z.literal(1), z.literal('either')], {
      error: expected('0, 1 or either'),
    }),
    'The bit in stuck cells: `0`, `1`, or `either`: each its own bit, as often 0 as 1. If absent, `either`.',
    0,
  ).optional(),
  failureV: key(
    estimable('V'),
    'The mean, over cells, of the supply in V below which a cell fails. `auto`, as if it is absent: [estimated](estimators/cells.md).',
    0.39,
  ).optional(),
  spreadV: key(
    estimable('V'),
    'The standard deviation of that supply over cells, in V. `auto`, as if it is absent: estimated.',
    0.07,
  ).optional(),
  lostPackets: key(
    z.number({ error: aLoss }).min(0, { error: aLoss }).max(1, { error: aLoss }),
    'The probability that a packet with a spike is lost between two cores of a chip. If absent, none is.',
    0.001,
  ).optional(),
});
