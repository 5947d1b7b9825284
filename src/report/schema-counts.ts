import * as z from 'zod';
import { recordOf } from '../text/index.ts';

/** An amount in a report. */
export const count = z.number().min(0);

export const share = z.number().min(0).max(1);
export const smape = z.number().min(0).max(200);
/** A coefficient of determination. */
export const determination = z.number().max(1).nullable();
export const byName = recordOf(z.string(), z.number());

/** One count for each counter of a table, with the table's description. */
export function counted<Name extends string>(
  counters: Readonly<Record<Name, string>>,
): Record<Name, typeof count> {
  const described = Object.entries<string>(counters).map(([name, what]) => [
    name,
    count.describe(`${what.charAt(0).toUpperCase()}${what.slice(1)}`),
  ]);
  return Object.fromEntries(described) as Record<Name, typeof count>;
}
