import * as z from 'zod';
import { deliveries, tileOrders } from '../hardware/index.ts';
import { lostCounter, networkCoreCounters, networkCounters } from '../image/index.ts';
import { count, counted } from './schema-counts.ts';

/* What a report says of a chip of many cores. */

const byCore = (what: string) => z.array(count).describe(`By core: ${what}`);

/** The traffic of a chip's network. */
export const networkCountsSchema = z
  .strictObject({
    ...counted(networkCounters),
    busyPs: byCore(networkCoreCounters.busyPs),
    sent: byCore(networkCoreCounters.sent),
    received: byCore(networkCoreCounters.received),
    loads: z
      .array(count)
      .describe(
        'Packets that have passed each link: number 4 x tile + 0 to 3 is the one that leads into the tile eastward, westward, southward, northward',
      ),
    lost: count.exactOptional().describe(`Packets ${lostCounter}; only where packets can be lost`),
  })
  .describe('What cores have sent each other');

/** A chip of many cores, and what each of them holds. */
export const chipSchema = z
  .strictObject({
    costSet: z.string().describe('The cost set in use'),
    columns: count.describe('Columns of tiles'),
    rows: count.describe('Rows of tiles'),
    coresPerTile: count,
    numbering: z.enum(tileOrders).describe('How tiles are numbered'),
    delivery: z.enum(deliveries).describe('When a spike reaches another core'),
    cores: z.array(
      z.strictObject({
        core: count.describe('Its number'),
        slices: z
          .array(z.strictObject({ population: z.string(), first: count, last: count }))
          .describe('The neurons that live there'),
        totalBits: count.describe('All that it stores'),
        copyBits: count.describe('Copies of fields that live on other cores'),
        sumBits: count.describe('Partial sums that it sends to other cores'),
      }),
    ),
  })
  .describe('The cores that hold the program; only on a chip of many cores');
