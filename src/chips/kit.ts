/**
 * Chips with controllers of their own: what a chip is made of, and the bundled ones with the formats of their
 * recordings. A module whose default export is a {@link Chip} is loaded by `controller: ./my-chip.mjs` in an hw-model,
 * and imports from here alone.
 *
 * An experiment loads none of this: it finds a chip by its name.
 *
 * @example
 * import { chips } from 'plasticore/chips';
 *
 * for (const { name, golden } of chips) console.log(name, (await golden?.())?.map((format) => format.name));
 */
/** For schemas of traces and options: what the schemas of this package, which are zod's, do not have. */
export { array, literal, tuple, union } from 'zod';
export * from './api.ts';
export * from './index.ts';
export * from './odin/index.ts';
export * from './ranc/index.ts';
export * from './reckon/index.ts';
export * from './truenorth/index.ts';
