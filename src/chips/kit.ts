/**
 * Chips with controllers of their own: what a chip is made of, and the bundled ones with the formats of their
 * recordings.
 *
 * An experiment loads none of this: it finds a chip by its name.
 *
 * @example
 * import { chips, synapticWeight } from 'plasticore/chips';
 *
 * const format = { mode: 'mixed', bits: 8, exp: 0 } as const;
 * console.log(chips.map(({ name }) => name).join(), synapticWeight(format, 100, 'lava'));
 */
export { goldenFormat } from '../golden/index.ts';
export * from './index.ts';
export * from './loihi/index.ts';
export * from './odin/index.ts';
export * from './ranc/index.ts';
export * from './reckon/index.ts';
export * from './truenorth/index.ts';
