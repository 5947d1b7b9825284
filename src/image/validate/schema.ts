import * as z from 'zod';
import { chargedUnits, coreLimits, figureKinds, networkEvents } from '../../hardware/index.ts';
import { domains, registerCount } from '../../isa/index.ts';
import { programLimits } from '../../program/index.ts';
import { expected, integer, strictObject } from '../../text/index.ts';
import type { Action, Image } from '../image.ts';

/*
 * The shape of an image: every key, with the range of each number by itself. Relations between numbers are checked by
 * the other files of this folder.
 */

/** Most weights of a projection, and most words of a bank. */
const mostItems = 2 ** 31 - 1;

const index = integer(0, mostItems);
const count = integer(1, mostItems);
const int32 = integer(-(2 ** 31), 2 ** 31 - 1);
const amount = z
  .number({ error: expected('a number, at least 0') })
  .min(0)
  .max(Number.MAX_VALUE);
const name = z.string();
const words = z.instanceof(Uint32Array, { error: expected('words of 32 bits') }) as z.ZodType<
  Uint32Array<ArrayBuffer>
>;
const optional = <T extends z.ZodType>(inner: T) => inner.or(z.undefined());

const operand = z.discriminatedUnion('is', [
  strictObject({ is: z.literal('register'), register: integer(0, registerCount - 1) }),
  strictObject({ is: z.literal('number'), value: int32 }),
  strictObject({ is: z.literal('parameter'), parameter: index }),
  strictObject({ is: z.literal('field'), role: z.enum(['self', 'pre', 'post', 'syn']), field: index }),
  strictObject({ is: z.literal('index'), role: z.enum(['self', 'pre', 'post']) }),
  strictObject({ is: z.literal('host'), scalar: index }),
  strictObject({ is: z.literal('event'), scalar: index }),
  strictObject({ is: z.literal('payload') }),
  strictObject({ is: z.literal('generator'), generator: index }),
]);

// Results of unsigned shifts reach 2^32 - 1, and exact results of floats have no range.
const bound = z
  .number()
  .min(-(2 ** 53))
  .max(2 ** 53);

const kernel = strictObject({
  name,
  domain: z.enum(domains.map((domain) => domain.name)),
  population: optional(index),
  projection: optional(index),
  rowGate: optional(index),
  columnGate: optional(index),
  rows: optional(count),
  columns: optional(count),
  order: z.enum(['rows', 'columns']),
  code: z
    .array(
      strictObject({
        mnemonic: name,
        operands: z.array(operand),
        arithmetic: z.enum(['integer', 'real']),
        low: optional(bound),
        high: optional(bound),
      }),
    )
    .min(1),
  counts: optional(z.enum(['sop', 'update'])),
});

const condition = strictObject({
  learning: z.boolean(),
  pass: z.enum(['first', 'replay']).optional(),
  from: integer(0, 2 ** 31 - 1),
  every: integer(1, 2 ** 31 - 1),
  last: integer(0, 2 ** 31 - 1),
});

const action: z.ZodType<Action> = z.lazy(() =>
  z.discriminatedUnion('does', [
    strictObject({ does: z.literal('run'), kernel: index }),
    strictObject({ does: z.literal('deliver'), population: index, spikes: z.enum(['emitted', 'previous']) }),
    strictObject({ does: z.literal('deliver-delayed'), delayed: index }),
    strictObject({
      does: z.literal('keep'),
      delayed: index,
      from: z.enum(['received', 'previous', 'event']),
      step: z.discriminatedUnion('is', [
        strictObject({ is: z.literal('host'), scalar: index }),
        strictObject({ is: z.literal('event'), scalar: index }),
      ]),
      work: index,
    }),
    strictObject({ does: z.literal('clear'), fields: z.array(index), work: index }),
    strictObject({ does: z.literal('stop-unless-any'), field: index, work: index }),
    strictObject({ does: z.literal('hold'), fields: z.array(index), after: count, period: count }),
    strictObject({ does: z.literal('group'), condition, actions: z.array(action) }),
  ]),
);
const list = z.array(action);

const source = name;
const operation = strictObject({
  class: z.enum(chargedUnits),
  arithmetic: z.enum(['integer', 'float32']),
  widthBits: integer(1, 64),
  count: amount,
  energyPj: amount,
  source,
});
const work = strictObject({
  intervalCycles: amount,
  boundBy: name,
  utilisation: z.record(name, amount),
  runCycles: amount,
  passCycles: amount,
  spendsBy: z.enum(['slots', 'items']),
  perSlot: z.array(operation),
  perRun: z.array(operation),
  perPass: z.array(operation),
  perScannedTile: z.array(operation),
  stated: strictObject({
    cyclesPerItem: amount,
    cyclesPerTile: amount,
    energyPjPerItem: amount,
    energyPjPerTile: amount,
    source,
  }).exactOptional(),
});

export const imageSchema = strictObject({
  program: name,
  core: strictObject({
    hwModel: name,
    precision: name,
    arithmetic: z.enum(['integer', 'float32']),
    lanes: integer(1, coreLimits.lanes),
    datapathBits: integer(8, 32),
    columnGate: z.enum(['skip-tile', 'clock']),
    fifoDepth: integer(1, coreLimits.fifoDepth),
    whenFull: z.enum(['drop', 'stall']),
    controller: optional(name),
  }),
  seed: integer(0, 2 ** 32 - 1),
  steps: integer(1, programLimits.steps),
  settle: integer(1, programLimits.steps - 1).optional(),
  banks: z.array(
    strictObject({
      name,
      wordBits: count,
      usedWords: index,
      capacityBits: z.number().min(1),
      bitMask: z.boolean(),
    }),
  ),
  layouts: z.array(
    strictObject({
      bank: index,
      firstWord: index,
      rows: count,
      rowLength: count,
      itemBits: count,
      itemsPerWord: count,
      wordsPerRow: count,
    }),
  ),
  fields: z.array(
    strictObject({
      name,
      kind: z.enum(['real', 'integer', 'flag']),
      storage: z.enum(['integer', 'float32']),
      bits: integer(1, 32),
      signed: z.boolean(),
      overflow: z.enum(['saturate', 'saturate-symmetric', 'wrap']),
      layout: optional(index),
      bitOffset: index,
      perWord: z.boolean(),
      count,
      view: optional(strictObject({ of: index, droppedBits: integer(0, 31) })),
      storedView: optional(index),
      fixed: z.literal(true).optional(),
      neededFor: z.enum(['inference', 'learning']),
    }),
  ),
  populations: z
    .array(
      strictObject({
        name,
        size: integer(1, programLimits.neurons),
        first: index.optional(),
        payload: strictObject({
          bits: integer(1, 24),
          signed: z.boolean(),
          shift: integer(0, 24),
        }).optional(),
        inputs: integer(1, programLimits.neurons).optional(),
      }),
    )
    .min(1)
    .max(programLimits.populations),
  eventScalars: z.array(strictObject({ name, low: int32, high: int32 })),
  input: integer(-1, programLimits.populations - 1),
  inputChannels: integer(1, programLimits.neurons).optional(),
  replay: index.optional(),
  projections: z.array(
    strictObject({
      name,
      source: index,
      target: index,
      segments: strictObject({ rowStart: words, firstWeight: words, firstPost: words, length: words }),
      weightRows: index,
      weightRowLength: index,
      index: strictObject({ target: index, count: optional(index) }).optional(),
      partOf: index.optional(),
    }),
  ),
  generators: z.array(
    strictObject({
      name,
      near: integer(1, 31),
      far: integer(2, 32),
      bitsPerAdvance: integer(1, 4096),
      wordBits: integer(1, 32),
      lanes: integer(1, coreLimits.lanes),
      words: integer(1, 4096),
    }),
  ),
  epochs: z.array(index).min(1),
  parameters: z.array(strictObject({ name, values: z.array(int32) })),
  kernels: z.array(kernel),
  events: strictObject({
    sample: list,
    tick: list,
    spike: z.array(list),
    previousSpike: z.array(list),
    delayed: z.array(
      strictObject({
        population: index,
        field: index,
        lists: z
          .array(
            strictObject({
              delay: integer(1, programLimits.delay),
              shift: integer(0, programLimits.neurons).optional(),
              actions: list,
            }),
          )
          .min(1)
          .max(programLimits.delay),
      }),
    ),
    named: z.array(strictObject({ name, actions: list, mostEmitted: index })),
  }),
  readout: integer(-1, mostItems),
  work: z.array(name),
  costs: strictObject({
    clockMhz: amount,
    lanes: count,
    work: z.array(work),
    banks: z.array(
      strictObject({
        name,
        readPj: amount,
        writePj: amount,
        leakUw: amount,
        sources: strictObject({ readPj: source, writePj: source, leakUw: source }),
      }),
    ),
    router: strictObject({
      pushPj: amount,
      popPj: amount,
      sources: strictObject({ pushPj: source, popPj: source }),
    }),
    area: strictObject({
      totalUm2: amount,
      byUnit: z.record(name, amount),
      bySource: z.record(source, amount),
    }),
    eventCycles: amount,
    staticPower: strictObject({ powerUw: amount, source }),
    clockPower: strictObject({ uwPerMhz: amount, source }).exactOptional(),
    network: strictObject({
      costSet: name,
      cores: count,
      events: z.record(z.enum(networkEvents), strictObject({ energyPj: amount, source })),
    }).exactOptional(),
    kinds: z.record(source, z.enum(figureKinds)),
    intervals: z.record(source, strictObject({ low: amount, high: amount })),
    clockRemarks: z.array(name).exactOptional(),
    otherShapes: z
      .array(
        strictObject({
          entry: name,
          figures: z.array(name),
          statedFor: name,
          usedWith: name,
          isEnergy: z.boolean(),
        }),
      )
      .exactOptional(),
  }),
  contents: z.array(words),
  provenance: strictObject({
    compiler: name,
    sources: z.array(strictObject({ file: name, sha256: name })),
    arrays: z.array(
      strictObject({
        field: name,
        file: name.exactOptional(),
        array: name.exactOptional(),
        sha256: name,
        scale: z.number(),
      }),
    ),
    learnt: strictObject({ samples: count }).exactOptional(),
  }),
}) satisfies z.ZodType<Image>;
