/** Schemas that the parts of an hw-model share. */
import * as z from 'zod';
import { expected, key, strictObject, whole } from '../text/index.ts';
import { figureBounds } from './limits.ts';

export const count = (what: string) => whole(what, 1);

/** A number within {@link figureBounds}. A figure that must be positive has its own message. */
export function figure(unit: keyof typeof figureBounds) {
  const { what, least, most } = figureBounds[unit];
  const sign = expected(`${what} (a number${least > 0 ? ' above 0' : ', at least 0'})`);
  const range = expected(`${what} (a number, ${least} to ${grouped(most)})`);
  const number = z.number({ error: sign });
  return (least > 0 ? number.gt(0, { error: sign }) : number.min(0, { error: sign }))
    .min(least, { error: range })
    .max(most, { error: range });
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}

export const text = (what: string) => z.string({ error: expected(what) }).min(1, { error: expected(what) });

/** The name of an entry of `sources` or of a bank. */
export const nameKey = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/);
export const nameKeyError = (issue: { readonly code?: string; readonly input?: unknown }) =>
  issue.code === 'invalid_key'
    ? 'expected a name of letters, digits, - and _ that starts with a letter'
    : expected('a mapping')(issue);

export const sourceName = key(
  text("the name of an entry of 'sources'"),
  'Where these figures come from: the name of an entry of `sources`.',
  'sram-28nm',
);

/** The cost of a kernel according to the chip's own published figures. */
export const kernelCost = strictObject({
  cyclesPerItem: key(figure('cycles'), 'Cycles for each item that the kernel computes.', 2).optional(),
  cyclesPerTile: key(figure('cycles'), 'Cycles for each tile that the kernel computes.', 2).optional(),
  energyPjPerItem: key(figure('pJ'), 'Energy in pJ for each item.', 8.43).optional(),
  energyPjPerTile: key(figure('pJ'), 'Energy in pJ for each tile.', 8.43).optional(),
  source: sourceName,
});

/** Power drawn whether or not a core works. */
export const staticPower = strictObject({
  powerUw: key(figure('uW'), 'Static power in µW.', 27.3),
  source: sourceName,
});
