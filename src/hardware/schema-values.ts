/** Schemas that the parts of an hw-model share. */
import * as z from 'zod';
import { domains } from '../isa/index.ts';
import { expected, key, recordOf, strictObject, whole } from '../text/index.ts';
import { figureBounds } from './limits.ts';

export const count = (what: string) => whole(what, 1);

/** A number within {@link figureBounds}. A figure that must be positive has its own message. */
export function figure(unit: keyof typeof figureBounds) {
  const { what, least, most } = figureBounds[unit];
  const plain = expected(`${what} (a number${least > 0 ? ' above 0' : ', at least 0'})`);
  const sign = (issue: { readonly input?: unknown }) =>
    issue.input === auto ? `nothing estimates this figure: ${plain(issue)}` : plain(issue);
  const range = expected(`${what} (a number, ${least} to ${grouped(most)})`);
  const number = z.number({ error: sign });
  return (least > 0 ? number.gt(0, { error: sign }) : number.min(0, { error: sign }))
    .min(least, { error: range })
    .max(most, { error: range });
}

/** The word for a figure that an estimator gives. */
export const auto = 'auto';

/** A number within {@link figureBounds}, or `auto`. */
export function estimable(unit: keyof typeof figureBounds) {
  const { what, least, most } = figureBounds[unit];
  const other = expected(`${what} (a number, at least 0, or auto)`);
  const range = expected(`${what} (a number, ${least} to ${grouped(most)})`);
  const low = expected(`${what} (a number, at least 0)`);
  return z.union([figure(unit), z.literal(auto)], {
    error: (issue) =>
      typeof issue.input !== 'number' ? other(issue) : issue.input < least ? low(issue) : range(issue),
  });
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}

export const text = (what: string) => z.string({ error: expected(what) }).min(1, { error: expected(what) });

/** The name of an entry of `sources` or of a bank. */
export const nameKey = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,99}$/);
export const nameKeyError = (issue: { readonly code?: string; readonly input?: unknown }) =>
  issue.code === 'invalid_key'
    ? 'expected a name of letters, digits, - and _ that starts with a letter; at most 100'
    : expected('a mapping')(issue);

export const sourceName = key(
  text("the name of an entry of 'sources'"),
  'The entry of `sources` that the figures come from.',
  'sram-28nm',
);

/** Of an entry whose figures may all be estimated. */
export const sourceOfStated = key(
  text("the name of an entry of 'sources'"),
  'The entry of `sources` that stated figures come from; estimated ones name their estimator.',
  'sram-28nm',
).optional();

/** Energies by width of the operands. */
const energyByWidth = recordOf(z.string().regex(/^([1-9]|[1-5]\d|6[0-4])$/), figure('pJ'), {
  error: (issue) =>
    issue.code === 'invalid_key'
      ? 'expected a width in bits (1 to 64) as the key'
      : expected('a table from operand width in bits to energy in pJ, such as {8: 0.03, 16: 0.05}, or auto')(
          issue,
        ),
});
export const estimableByWidth = z.union([z.literal(auto), energyByWidth], {
  error: expected('a table from operand width in bits to energy in pJ, such as {8: 0.03, 16: 0.05}, or auto'),
});

/** The cost of a kernel according to the chip's own published figures. */
export const kernelCost = strictObject({
  cyclesPerItem: key(figure('cycles'), 'Cycles for each item that the kernel computes.', 2).optional(),
  cyclesPerTile: key(figure('cycles'), 'Cycles for each tile that the kernel computes.', 2).optional(),
  energyPjPerItem: key(figure('pJ'), 'Energy in pJ for each item.', 8.43).optional(),
  energyPjPerTile: key(figure('pJ'), 'Energy in pJ for each tile.', 8.43).optional(),
  source: sourceName,
});

/** Costs of all other kernels, by what they run over. */
export const otherKernels = key(
  recordOf(
    z.string().refine((name) => domains.some((domain) => domain.name === name)),
    kernelCost,
    {
      error: (issue) =>
        issue.code === 'invalid_key'
          ? `expected what kernels run over as the key: ${domains.map(({ name }) => name).join(', ')}`
          : expected('a mapping')(issue),
    },
  ).prefault({}),
  'Stated costs of kernels that `kernels` does not name, by what they run over (`neurons`, `neuron`, `row`, `synapses`, `synapse`, `weights`), for chips of which a figure for each synaptic operation and for each update of a neuron is all that is known.',
  { row: { cyclesPerItem: 3.5, energyPjPerItem: 23.6, source: 'published' } },
);

/** Power drawn whether or not a core works. */
export const staticPower = strictObject({
  powerUw: key(figure('uW'), 'Static power in µW.', 27.3),
  source: sourceName,
});
