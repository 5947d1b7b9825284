import * as z from 'zod';
import { list, strictObject, whole } from '../../text/index.ts';
import { byCoreCounter, byWorkCounter, type Counters } from '../counters.ts';
import type { ProgramView } from '../image.ts';
import { byNetworkCounter, type NetworkCounts } from '../network-counts.ts';

/** No run counts this far, and sums of such counts are exact. */
const mostCounted = 2 ** 48;

const count = whole('a count', 0, mostCounted);
const network: z.ZodType<NetworkCounts> = strictObject({
  ...byNetworkCounter(
    () => count,
    () => z.array(count),
  ),
  loads: z.array(count),
  lost: count.exactOptional(),
});

/** The schema of an image's counters: their names, and one for each piece of work, bank and population. */
export function countersSchema({ work, populations, banks, core, faults }: ProgramView): z.ZodType<Counters> {
  const byBank = list(count, 'one for each bank', banks.length);
  const ofWork = strictObject(
    byWorkCounter(
      () => count,
      () => byBank,
    ),
  );
  return strictObject({
    work: list(ofWork, 'one for each piece of work', work.length),
    spikes: list(count, 'one for each population', populations.length),
    ...byCoreCounter(() => count),
    flips: faults?.errors === 'fresh' ? count.exactOptional() : z.never().exactOptional(),
    // Only a controller counts cycles.
    network: network.exactOptional(),
    cycles: core.controller === undefined ? z.never().exactOptional() : count.exactOptional(),
  });
}
