/** The bounds of values, and the schemas that sections of an hw-model share. */
import * as z from 'zod';
import { domains } from '../isa/index.ts';
import { expected, inGroups, key, recordOf, strictObject, whole } from '../text/index.ts';

/** The classes of work performed by a lane's units. Every microcode operation is priced as a sum of these. */
export const costClasses = ['move', 'add', 'multiply', 'shift', 'compare', 'logic', 'random'] as const;
export type CostClass = (typeof costClasses)[number];

export type Arithmetic = 'integer' | 'float32';

/** Maximum sizes of a core. Both engines reserve memory for them when an image is loaded. */
export const coreLimits = {
  /** The maximum number of lanes with their own seeds: docs/instruction-set.md, 'Random numbers'. */
  lanes: 1024,
  /** Number of events in the FIFO; an event takes 4 bytes. */
  fifoDepth: 2 ** 20,
} as const;

/** Maximum sizes of a chip. */
export const chipLimits = {
  /** Tiles along one side of the mesh. */
  side: 1024,
  coresPerTile: 256,
  /** Cores in all. */
  cores: 2 ** 16,
} as const;

/** Figures outside these bounds are typing errors or wrong units, because no core has them. */
export const figureBounds = {
  nm: { what: 'a feature size in nm', least: 1, most: 10_000 },
  V: { what: 'a voltage', least: 0.01, most: 100 },
  MHz: { what: 'a frequency in MHz', least: 0.001, most: 100_000 },
  pJ: { what: 'an energy in pJ', least: 0, most: 1e9 },
  uW: { what: 'a power in uW', least: 0, most: 1e9 },
  'uW/MHz': { what: 'a power in uW per MHz', least: 0, most: 1e9 },
  um2: { what: 'an area in um2', least: 0, most: 1e12 },
  'um2 a bit': { what: 'the area of a cell in um2', least: 0.001, most: 1000 },
  ns: { what: 'a time in ns', least: 0, most: 1e9 },
  times: { what: 'a multiple', least: 0, most: 1000 },
  us: { what: 'a time in us', least: 0.001, most: 1e9 },
  cycles: { what: 'a number of cycles', least: 0, most: 1e6 },
} as const;

export const positiveWhole = (what: string) => whole(what, 1);

/** A number within {@link figureBounds}. A figure that must be positive has its own message. */
export function figureIn(unit: keyof typeof figureBounds) {
  const { what, least, most } = figureBounds[unit];
  const plain = expected(`${what} (a number${least > 0 ? ' above 0' : ', at least 0'})`);
  const sign = (issue: { readonly input?: unknown }) =>
    issue.input === auto ? `nothing estimates this figure: ${plain(issue)}` : plain(issue);
  const range = expected(`${what} (a number, ${least} to ${inGroups(most)})`);
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
  const range = expected(`${what} (a number, ${least} to ${inGroups(most)})`);
  const low = expected(`${what} (a number, at least 0)`);
  return z.union([figureIn(unit), z.literal(auto)], {
    error: (issue) =>
      typeof issue.input !== 'number' ? other(issue) : issue.input < least ? low(issue) : range(issue),
  });
}

export const nonEmptyText = (what: string) =>
  z.string({ error: expected(what) }).min(1, { error: expected(what) });

/** The name of an entry of `sources` or of a bank. */
export const nameKey = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,99}$/);
export const nameKeyError = (issue: { readonly code?: string; readonly input?: unknown }) =>
  issue.code === 'invalid_key'
    ? 'expected a name of letters, digits, - and _ that starts with a letter; at most 100'
    : expected('a mapping')(issue);

export const sourceName = key(
  nonEmptyText("the name of an entry of 'sources'"),
  'The entry of `sources` that the figures come from.',
  'sram-28nm',
);

/** Of an entry whose figures may all be estimated. */
export const sourceOfStated = key(
  nonEmptyText("the name of an entry of 'sources'"),
  'The entry of `sources` that stated figures come from; estimated ones name their estimator.',
  'sram-28nm',
).optional();

/** Energies by width of the operands. */
const energyByWidth = recordOf(z.string().regex(/^([1-9]|[1-5]\d|6[0-4])$/), figureIn('pJ'), {
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
  cyclesPerItem: key(figureIn('cycles'), 'Cycles for each item that the kernel computes.', 2).optional(),
  cyclesPerTile: key(figureIn('cycles'), 'Cycles for each tile that the kernel computes.', 2).optional(),
  energyPjPerItem: key(figureIn('pJ'), 'Energy in pJ for each item.', 8.43).optional(),
  energyPjPerTile: key(figureIn('pJ'), 'Energy in pJ for each tile.', 8.43).optional(),
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
  powerUw: key(figureIn('uW'), 'Static power in µW.', 27.3),
  source: sourceName,
});

/** Reports a fault of values that are valid each on its own, at the one that causes it. */
export type ReportFault = (path: readonly (string | number)[], message: string) => void;

/** How an entry goes that a file must not have. */
export const removal = 'a file that extends another removes an entry by setting it to null';
