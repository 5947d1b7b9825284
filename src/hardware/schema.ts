import { z } from 'zod';
import { expected, formatTag, strictObject } from '../text/index.ts';
import { coreLimits, figureBounds } from './limits.ts';
import { type CostClass, costClasses, sourceKinds } from './model.ts';

const choice = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: expected(`${values.slice(0, -1).join(', ')} or ${values.at(-1)}`) });

function whole(least: number, most: number, what: string) {
  const error = expected(
    most === Number.MAX_SAFE_INTEGER
      ? `${what} (a whole number, at least ${least})`
      : `${what} (a whole number, ${least} to ${most})`,
  );
  return z.int({ error }).min(least, { error }).max(most, { error });
}

const count = (what: string) => whole(1, Number.MAX_SAFE_INTEGER, what);

/** A number within {@link figureBounds}; a figure that has to be positive says so first. */
function figure(unit: keyof typeof figureBounds) {
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

const text = (what: string) => z.string({ error: expected(what) }).min(1, { error: expected(what) });

/** The name of an entry of `sources`, of a bank. */
const nameKey = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/);
const nameKeyError = (issue: { readonly code?: string; readonly input?: unknown }) =>
  issue.code === 'invalid_key'
    ? 'expected a name of letters, digits, - and _ that starts with a letter'
    : expected('a mapping')(issue);

const sourceName = text("the name of an entry of 'sources'").describe(
  "Where these figures come from: the name of an entry of 'sources'",
);

const widths = (what: string) => {
  const error = expected(`a list of widths in bits, such as [8, 16]`);
  return z
    .array(whole(1, 32, 'a width in bits'), { error })
    .min(1, { error })
    .describe(what);
};

const source = strictObject({
  cite: text('author, title, venue, table or page'),
  kind: choice(sourceKinds).describe('How the figure was obtained'),
  checked: choice(['primary', 'secondary', 'memory']).describe('Where we read it'),
});

const unit = strictObject({
  unitsPerLane: whole(1, 1024, 'a number of units').describe(
    'Operations of this class that a lane starts in a cycle',
  ),
  energyPj: z
    .record(z.string().regex(/^([1-9]|[1-5]\d|6[0-4])$/), figure('pJ'), {
      error: (issue) =>
        issue.code === 'invalid_key'
          ? 'expected a width in bits (1 to 64) as the key'
          : expected('a table from operand width in bits to energy in pJ, such as {8: 0.03, 16: 0.05}')(
              issue,
            ),
    })
    .describe('Energy of one operation on one lane, by operand width in bits'),
  areaUm2: figure('um2').describe('Area of one unit'),
  source: sourceName,
});

const classes: readonly CostClass[] = costClasses;
const units = strictObject(
  Object.fromEntries(classes.map((name) => [name, unit.optional()])) as Record<
    CostClass,
    z.ZodOptional<typeof unit>
  >,
);

/** The cost of a kernel by the chip's own published figures. */
const kernelCost = strictObject({
  cyclesPerItem: figure('cycles').optional(),
  cyclesPerTile: figure('cycles').optional(),
  energyPjPerItem: figure('pJ').optional(),
  energyPjPerTile: figure('pJ').optional(),
  source: sourceName,
});

/** The costs of a bank; `macros` gives them in their place. */
export const bankCosts = {
  readPj: figure('pJ').optional().describe('Energy of reading one word'),
  writePj: figure('pJ').optional().describe('Energy of writing one word'),
  leakUw: figure('uW').optional().describe('Leakage of the whole bank'),
  areaUm2: figure('um2').optional().describe('Area of the whole bank'),
};

/** A generator of random bits y[n] = y[n-a] xor y[n-b], unfolded so that it gives many bits at once. */
const generator = strictObject({
  recurrence: z
    .tuple([whole(1, 31, 'a distance'), whole(2, 32, 'a distance')], {
      error: expected('two distances [a, b] with a < b: y[n] = y[n-a] xor y[n-b]'),
    })
    .describe('y[n] = y[n-a] xor y[n-b], a before b; b bits are its state'),
  bitsPerAdvance: whole(1, 4096, 'a number of bits').describe('Bits that an advance consumes'),
  wordBits: whole(1, 32, 'a width in bits').describe('Width of the word that a lane takes'),
  lanes: count('a number of lanes').describe(
    'Neighbouring lanes that share an advance: the first takes the first word, and so on around',
  ),
});

const ports = whole(1, 64, 'a number of ports').optional();

const bank = strictObject({
  capacityBits: count('a capacity in bits').describe('With macros: at least this much, rounded up to macros'),
  wordBits: count('a width in bits').describe('Width of a word; an access reads or writes one word'),
  ports: strictObject({ read: ports, write: ports, shared: ports }).describe(
    'Either read and write (ports of their own), or shared (ports that do either)',
  ),
  bitMask: z
    .boolean({ error: expected('true or false') })
    .describe('Whether single bits of a word can be written; otherwise a partial write costs a read first'),
  ...bankCosts,
  macros: text('the name of a CSV file of SRAM macros')
    .optional()
    .describe(
      'SRAM macros of your own in place of the costs: a CSV file with the columns words, bits, ports, readPj, writePj, leakUw, areaUm2, accessNs',
    ),
  source: sourceName,
});

/** The keys of `hw-models/*.yaml` and what each may hold. */
export const shape = strictObject({
  format: formatTag('hw-model', 1),
  extends: text('the name or path of an hw-model')
    .optional()
    .describe('The hw-model that this one changes: mappings are merged, null removes an entry'),
  name: text('a name'),
  description: text('a sentence'),
  technologyNm: figure('nm'),
  supplyV: figure('V'),
  clockMhz: figure('MHz'),
  arithmetic: choice(['integer', 'float32']),
  baseline: text('the name or path of an hw-model')
    .optional()
    .describe('The float32 hw-model that precision fp32 runs on'),
  like: text("a precision such as 'mp16-8'")
    .optional()
    .describe('On float32: the precision whose widths give thresholds, clips and rates their values'),
  lanes: whole(1, coreLimits.lanes, 'a number of lanes'),
  datapathBits: whole(8, 32, 'a width in bits').describe("Width of the registers' integer datapath"),
  precision: strictObject({
    shadowBits: widths('Widths offered to shadow weights'),
    weightBits: widths('Widths offered to inference weights'),
    accumulatorBits: widths('Widths offered to fields that accumulate'),
  })
    .optional()
    .describe("Left out where every program's widths are its own: the only precision is then 'own'"),
  inferenceWeights: choice(['stored', 'sliced']).describe(
    'Stored as a copy, or sliced from the shadow weights by a rounding adder on the read path',
  ),
  columnGate: choice(['skip-tile', 'clock']).describe(
    'A tile without an active column costs nothing, or inactive lanes cost no energy',
  ),
  sources: z.record(nameKey, source, { error: nameKeyError }),
  operations: strictObject({ integer: units.optional(), float32: units.optional() })
    .optional()
    .describe('The units of a lane, by class of operation'),
  kernels: z
    .record(nameKey, kernelCost, { error: nameKeyError })
    .default({})
    .describe('Stated costs of kernels, by name; they replace the costs derived from operations'),
  controller: text('the name of a controller')
    .optional()
    .describe('The controller of the chip, which triggers named events and receives the spikes'),
  generators: z
    .record(nameKey, generator, { error: nameKeyError })
    .default({})
    .describe('Random generators that draw operations name, in addition to the one in each lane'),
  banks: z.record(nameKey, bank, { error: nameKeyError }),
  placement: strictObject({
    weight: text('the name of a bank').describe(
      'The bank of the inference weights; on float32 of the only copy',
    ),
    shadow: text('the name of a bank').describe('The bank of the shadow weights'),
    state: text('the name of a bank').describe("The bank of the populations' state"),
  }),
  router: strictObject({
    fifoDepth: whole(1, coreLimits.fifoDepth, 'a number of events'),
    whenFull: choice(['drop', 'stall']).describe('What happens to an event when the FIFO is full'),
    pushPj: figure('pJ'),
    popPj: figure('pJ'),
    areaUm2: figure('um2'),
    source: sourceName,
  }),
  overheads: strictObject({
    fillCycles: whole(0, 65_536, 'a number of cycles').describe('For each pass over a row or a population'),
    kernelCycles: whole(0, 65_536, 'a number of cycles').describe('For each start of a kernel'),
    rowCycles: whole(0, 65_536, 'a number of cycles').describe('For each row visited'),
    eventCycles: whole(0, 65_536, 'a number of cycles').describe('For each event taken from the FIFO'),
    source: sourceName,
  }),
  staticPower: strictObject({ powerUw: figure('uW'), source: sourceName }).describe(
    "Power drawn whether or not the core works, beside the banks' leakage",
  ),
  clockPower: strictObject({ uwPerMhz: figure('uW/MHz'), source: sourceName })
    .optional()
    .describe('Power that the running clock draws, whether or not the core works'),
  control: strictObject({ areaUm2: figure('um2'), source: sourceName }).describe(
    'Everything besides banks, lanes and router, such as the sequencer',
  ),
});

/** The shape of an hw-model file after its `extends` has been merged. */
export type HwModelFile = z.infer<typeof shape>;
export type BankEntry = HwModelFile['banks'][string];
