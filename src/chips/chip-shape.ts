import * as z from 'zod';
import { checkJson, type GoldenFormat } from '../golden/index.ts';
import { list, oneOf, PlasticoreError, positive, strictObject, text, truth } from '../text/index.ts';
import type { Chip, ChipHost } from './chip.ts';
import type { ChipNetworks } from './network.ts';

/** A value that only code can make: what it is in words, and how it is told from others. */
function made<T>(what: string, is: (value: unknown) => boolean) {
  return z.custom<T>(is, {
    error: ({ input }) =>
      input === undefined ? `missing: expected ${what}` : `expected ${what}, found ${kind(input)}`,
  });
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const isFunction = (value: unknown): boolean => typeof value === 'function';

/** A schema of zod tells good values from bad ones by this function. */
function isSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && isFunction(Reflect.get(value, 'safeParse'));
}

const hostShape = strictObject({
  description: text('what the section of the chip in an experiment is for'),
  options: made<z.ZodType>("a schema of zod, such as kit's strictObject({...})", isSchema),
  registers: list(text('the name of a parameter of the program'), 'names of parameters of the program'),
  encodesSamples: truth,
  makesCores: truth.optional(),
  hosting: made<ChipHost['hosting']>('a function, as defineHost makes it', isFunction),
});

const networksShape = strictObject({
  program: text('the name of a program'),
  delivery: oneOf('when spikes arrive', ['same', 'next']),
  hasLeaked: truth,
  map: made<ChipNetworks['map']>('a function that puts a network on the chip', isFunction),
});

const chipShape = strictObject({
  name: text('the name of the chip'),
  golden: made<NonNullable<Chip['golden']>>('a function that loads formats of traces', isFunction).optional(),
  rtl: strictObject({
    from: text('what its folder is'),
    sources: list(text('the name of a file'), 'files of Verilog'),
  }).optional(),
  host: hostShape.optional(),
  networks: networksShape.optional(),
  published: list(
    strictObject({
      hwModel: text('the name of an hw-model'),
      of: oneOf('what the energy is of', ['inference', 'operation']),
      pj: positive('an energy in pJ'),
      cite: text('a source'),
    }),
    'published energies',
  ).optional(),
});

const formatShape = strictObject({
  name: text('the name of a format, such as my-golden/1'),
  read: made<GoldenFormat['read']>('a function, as goldenFormat makes it', isFunction),
});

/** The required shape of a chip's module, for a hint. */
const usual =
  'a module of a chip ends with: export default { name, golden, host }, with goldenFormat and defineHost';

/**
 * Checks the shape of a chip, from wherever it comes.
 *
 * @param file the module that it is from, for errors
 * @throws PlasticoreError `unknown-key` or `invalid-value` with the part that is wrong, and what was expected
 */
export function chipFrom(value: unknown, file: string): Chip {
  if (typeof value !== 'object' || value === null)
    throw new PlasticoreError(
      'invalid-value',
      value === undefined
        ? 'has no default export: expected a chip'
        : `its default export is ${kind(value)}: expected a chip`,
      { file, hint: usual },
    );
  const chip = checkJson({ value, file, locate: () => ({ file, hint: usual }) }, chipShape);
  const { golden } = chip;
  return golden === undefined ? chip : { ...chip, golden: async () => formatsFrom(await golden(), file) };
}

/** Checks the formats that a chip has loaded. */
function formatsFrom(value: unknown, file: string): readonly GoldenFormat[] {
  const hint = 'golden is a function that returns a list of what goldenFormat makes, or the promise of one';
  const shape = z.object({ golden: list(formatShape, 'a list of formats of traces') });
  return checkJson({ value: { golden: value }, file, locate: () => ({ file, hint }) }, shape).golden;
}
