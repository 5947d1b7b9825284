import * as z from 'zod';
import { integer, nonNegative, recordOf, strictObject, type ValueOf } from '../text/index.ts';
import { activitySchema } from './activity.ts';
import { figureKinds } from './source.ts';
import { costClasses } from './values.ts';

/** The accounts of operations: the classes of a lane's units, and the parts that every instruction uses besides. */
const chargedUnits = [...costClasses, 'registers', 'fetch', 'control'] as const;

const count = integer(1, 2 ** 31 - 1);
/** The name of a source of figures. */
const source = z.string();

const operationSchema = strictObject({
  class: z.enum(chargedUnits),
  arithmetic: z.enum(['integer', 'float32']),
  widthBits: integer(1, 64),
  count: nonNegative,
  /** Energy of one operation. */
  energyPj: nonNegative,
  /** The name of the energy's source. */
  source,
});
/** An operation that a piece of work performs on each slot, or once for each run or pass. */
export type OperationCost = ValueOf<typeof operationSchema>;

const workSchema = strictObject({
  /** Cycles from one tile to the next. */
  intervalCycles: nonNegative,
  /** The cause of the interval: `issue` (one tile a cycle), a class of units, a bank's ports, or the order of tiles. */
  boundBy: z.string(),
  /** For each resource, the share of the interval that it is busy in a full-width tile. */
  utilisation: recordOf(z.string(), nonNegative),
  runCycles: nonNegative,
  /** For each tile scanned; absent for 1. */
  scanCycles: nonNegative.exactOptional(),
  passCycles: nonNegative,
  /** The costs of a row without an open tile, and of a closed tile; absent where looking them up is free. */
  closed: strictObject({
    rowCycles: nonNegative,
    tileCycles: nonNegative,
    perRow: z.array(operationSchema),
    perTile: z.array(operationSchema),
  }).exactOptional(),
  /** What a tile takes more that waits for the FIFO: its pipeline drains, and fills again; absent where none waits. */
  suspended: strictObject({ cycles: nonNegative, perTile: z.array(operationSchema) }).exactOptional(),
  /** Whether idle lanes of a visited tile spend energy (`slots`) or are clock-gated (`items`). */
  spendsBy: z.enum(['slots', 'items']),
  perSlot: z.array(operationSchema),
  /** What a tile costs once for all its lanes, idle or not; absent where nothing does. */
  perTile: z.array(operationSchema).exactOptional(),
  perRun: z.array(operationSchema),
  perPass: z.array(operationSchema),
  perScannedTile: z.array(operationSchema),
  /** Present if the hw-model states the kernel's cost, which then replaces interval and operations. */
  stated: strictObject({
    cyclesPerItem: nonNegative,
    cyclesPerTile: nonNegative,
    energyPjPerItem: nonNegative,
    energyPjPerTile: nonNegative,
    source,
  }).exactOptional(),
});
/** The costs of one piece of work, fixed when the image is compiled. */
export type WorkCost = ValueOf<typeof workSchema>;

/** The parts of a chip's network that take energy. */
export const networkEvents = ['send', 'receive', 'tile', 'hopX', 'hopY', 'barrier'] as const;

const networkSchema = strictObject({
  /** Name of the cost set. */
  costSet: z.string(),
  /** Cores of the chip, those that hold nothing included: all of them leak. */
  cores: count,
  events: recordOf(z.enum(networkEvents), strictObject({ energyPj: nonNegative, source })),
});
/** The costs of the network between the cores of a chip. */
export type NetworkCost = ValueOf<typeof networkSchema>;

export const costSchema = strictObject({
  clockMhz: nonNegative,
  lanes: count,
  work: z.array(workSchema),
  banks: z.array(
    strictObject({
      name: z.string(),
      readPj: nonNegative,
      writePj: nonNegative,
      leakUw: nonNegative,
      sources: strictObject({ readPj: source, writePj: source, leakUw: source }),
      /** Of carrying a word between the bank and the lanes; absent where another figure contains it. */
      wires: strictObject({ readPj: nonNegative, writePj: nonNegative, source }).exactOptional(),
    }),
  ),
  router: strictObject({
    pushPj: nonNegative,
    popPj: nonNegative,
    sources: strictObject({ pushPj: source, popPj: source }),
  }),
  /** The area of a core; on a chip of many, each has it. */
  area: strictObject({
    totalUm2: nonNegative,
    byUnit: recordOf(z.string(), nonNegative),
    bySource: recordOf(source, nonNegative),
  }),
  /** Cycles for each event taken from the FIFO. */
  eventCycles: nonNegative,
  staticPower: strictObject({ powerUw: nonNegative, source }),
  clockPower: strictObject({ uwPerMhz: nonNegative, source }).exactOptional(),
  /** Dynamic energy of an FPGA beside that of a chip, as a multiple of it. */
  overhead: strictObject({ times: nonNegative, source }).exactOptional(),
  /** Present if the image is that of a chip of many cores. */
  network: networkSchema.exactOptional(),
  /** How energies depend on data; absent where that is as is assumed of any figure. */
  activity: activitySchema.exactOptional(),
  kinds: recordOf(source, z.enum(figureKinds)),
  intervals: recordOf(source, strictObject({ low: nonNegative, high: nonNegative })),
  /** Between which true times lie, as factors; absent where they are exact. */
  timeInterval: strictObject({ low: nonNegative, high: nonNegative }).exactOptional(),
  /** Time from one time step to the next; absent where steps follow one another at once. */
  stepNs: nonNegative.exactOptional(),
  /** Banks that may not keep up with the clock; present only if there are any. */
  clockRemarks: z.array(z.string()).exactOptional(),
  /** The energies, powers and areas above that were stated for another shape; present only if there are any. */
  otherShapes: z
    .array(
      strictObject({
        entry: z.string(),
        figures: z.array(z.string()),
        statedFor: z.string(),
        usedWith: z.string(),
        isEnergy: z.boolean(),
      }),
    )
    .exactOptional(),
});
/** Everything that turns counts into cycles and energy, with the area that spends it. Figures name their sources. */
export type CostTable = ValueOf<typeof costSchema>;
