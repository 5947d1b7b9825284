import * as z from 'zod';
import { controllerSchema } from '../control/index.ts';
import { choice, expected, formatKey, key, plainName, recordOf, strictObject, whole } from '../text/index.ts';
import { activitySection } from './activity.ts';
import { bankSection } from './banks.ts';
import { chipSection } from './chip.ts';
import { controlSection } from './control.ts';
import { faultsSection } from './faults.ts';
import { fpgaSection } from './fpga.ts';
import { generatorSection } from './generators.ts';
import { mappingSection } from './mapping/index.ts';
import { microcodeSection } from './microcode.ts';
import { routerSection } from './router.ts';
import { factors, sourceSection } from './source.ts';
import { fetchSection, operationsSection, registersSection } from './units.ts';
import {
  coreLimits,
  estimable,
  figureIn,
  kernelCost,
  nameKey,
  nameKeyError,
  nonEmptyText,
  otherKernels,
  sourceName,
  sourceOfStated,
  staticPower,
} from './values.ts';

const widths = () =>
  z
    .array(whole('a width in bits', 1, 32), { error: expected(`a list of widths in bits, such as [8, 16]`) })
    .min(1, { error: expected(`a list of widths in bits, such as [8, 16]`) });

/** The keys of `hw-models/*.yaml` with their allowed values. */
export const shape = strictObject({
  format: formatKey('hw-model'),
  extends: key(
    nonEmptyText('the name or path of an hw-model'),
    'The hw-model that this one changes: a bundled one by name, or a path from this file. Mappings are merged key by key, lists and single values are replaced, and null removes an entry.',
    'reference',
  ).optional(),
  name: key(plainName('a name'), 'Name of the core in images and reports.', 'reference'),
  description: key(
    nonEmptyText('a sentence'),
    'A description of the core, for people.',
    'A core of 16 integer lanes in 28 nm',
  ),
  technologyNm: key(figureIn('nm'), 'Feature size in nm of the technology that the figures hold for.', 28),
  supplyV: key(figureIn('V'), 'Supply voltage in V that the figures hold for.', 0.9),
  bankSupplyV: key(
    figureIn('V'),
    'Supply voltage in V of the memory banks, if they have one of their own. If absent, `supplyV`. Figures of banks hold for it.',
    0.7,
  ).optional(),
  temperatureC: key(
    z
      .number({ error: expected('a temperature in degrees Celsius (a number, -40 to 125)') })
      .min(-40, { error: expected('a temperature in degrees Celsius (a number, -40 to 125)') })
      .max(125, { error: expected('a temperature in degrees Celsius (a number, -40 to 125)') }),
    'Temperature in degrees Celsius at which banks leak, where their leakage is `auto`. If absent, 25.',
    25,
  ).optional(),
  clockMhz: key(
    figureIn('MHz'),
    'Clock frequency in MHz. It turns cycles into time, and leakage into energy.',
    200,
  ),
  timeInterval: key(
    factors,
    'The factors between which true times lie, where nobody has published those of this chip. If absent, cycles are exact.',
    [0.1, 1.5],
  ).optional(),
  stepPeriodUs: key(
    figureIn('us'),
    'Time in µs from one time step to the next, in real time: static power and leakage are charged for all of it, the clock while the core works. Latency is then the periods, or the work if it takes longer; `timeInterval` is not used. Not with `controller`. If absent, a step follows at once.',
    1000,
  ).optional(),
  arithmetic: key(
    choice(['integer', 'float32']),
    'Arithmetic of the lanes. `integer`: whole numbers within the datapath. `float32`: fields of kind `real` are floats; integers and flags stay integers.',
  ),
  baseline: key(
    nonEmptyText('the name or path of an hw-model'),
    'The float32 hw-model that precision fp32 runs on. Only for integer cores.',
    'fp32',
  ).optional(),
  like: key(
    nonEmptyText("a precision such as 'mp16-8'"),
    'On a float32 core: the precision whose widths formulas see as `shadowBits` and `weightBits`, so that thresholds, clips and rates have the values they have there.',
    'mp16-8',
  ).optional(),
  lanes: key(
    whole('a number of lanes', 1, coreLimits.lanes),
    'Parallel lanes. Column c is computed in lane c mod lanes.',
    16,
  ),
  datapathBits: key(
    whole('a width in bits', 8, 32),
    'Width in bits of the integer datapath. The compiler refuses a program whose values may not fit.',
    32,
  ),
  precision: key(
    strictObject({
      shadowBits: key(widths(), 'Widths in bits on offer to shadow weights: S in `mpS-W`.', [8, 16]),
      weightBits: key(
        widths(),
        'Widths in bits on offer to inference weights: W in `mpS-W`.',
        [4, 8, 12, 16],
      ),
      accumulatorBits: key(
        widths(),
        'Widths in bits on offer to fields that accumulate (`accumulator` in a program). A field takes the narrowest that is wide enough.',
        [16, 24],
      ),
    }),
    'The widths on offer. If absent, every program chooses its own widths, and the only precision is `own`.',
    { weightBits: [4, 8], shadowBits: [8, 16], accumulatorBits: [16, 24] },
  ).optional(),
  inferenceWeights: key(
    choice(['stored', 'sliced']),
    'How narrow inference weights come from wide shadow weights. `stored`: as a copy in a bank, written with each update. `sliced`: a rounding adder on the read path cuts them from the shadow weight, so they take no memory.',
  ),
  align: key(
    choice(['items', 'lanes']),
    'How items lie in words. `items`: side by side. `lanes`: each field by itself, a power of two of bits from item to item, as a [programmable core](build-your-core.md#a-programmable-core) takes them. If absent, `items`.',
    'lanes',
  ).optional(),
  columnGate: key(
    choice(['skip-tile', 'clock']),
    'The savings of a closed column gate. `skip-tile`: a tile without an active column is not visited; in a visited tile idle lanes spend energy. `clock`: every tile is visited, and idle lanes are clock-gated and spend none.',
  ),
  sequencer: key(
    choice(['microcode', 'hardwired']),
    'The way in which kernels run. `microcode`: a program in the core, so that every instruction is fetched and reads and writes registers. `hardwired`: a pipeline for each kernel, as [Verilog](build-your-core.md) has it, so that neither `fetch` nor `registers` costs anything, and the core runs this program alone; its control is [estimated](estimators/control.md) unless the model states it beside `sequencer`. If absent, `microcode`.',
    'hardwired',
  ).optional(),
  microcode: key(
    microcodeSection,
    'Kernels with microcode take the cycles of [scheduled words](build-your-core.md#a-programmable-core), whatever `unitsPerLane`, `kernelCycles` and `fillCycles` say. A program that needs more than a stated limit, or what no such word does, is refused. If absent, they take those of pipelines.',
    { issue: 1, words: 512 },
  ).optional(),
  sources: key(
    recordOf(nameKey, sourceSection, { error: nameKeyError }),
    'The sources of the figures by name. Every figure names one with `source`.',
    { static: { cite: 'Merolla et al., Science 345:668, 2014', kind: 'derived', checked: 'secondary' } },
  ),
  operations: key(
    operationsSection,
    'The units of a lane. Each operation of the instruction set names the classes of units that it uses. A program that needs a class the core lacks is refused.',
    {
      integer: {
        add: {
          unitsPerLane: 1,
          energyPj: { 8: 0.0156, 16: 0.026, 32: 0.052 },
          areaUm2: 53.04,
          source: 'logic-28nm',
        },
      },
    },
  ).optional(),
  registers: key(
    registersSection,
    'The registers of the lanes. Each operand of an instruction that is a register is an access. If absent, they cost nothing.',
    { perLane: 16, energyPj: 'auto', areaUm2: 'auto' },
  ).optional(),
  fetch: key(fetchSection, 'Instruction fetch. If absent, it costs nothing.', {
    energyPj: 'auto',
  }).optional(),
  kernels: key(
    recordOf(nameKey, kernelCost, { error: nameKeyError }).prefault({}),
    'Stated costs of kernels by name, for chips that publish their own figures; they replace the costs derived from the operations. A kernel states its cycles and its energy, each per item, per tile, or both. State 0 if another figure already contains a cost.',
    { synaptic: { cyclesPerItem: 2, energyPjPerItem: 8.43, source: 'power' } },
  ),
  otherKernels,
  controller: key(
    z.union([nonEmptyText('the name of a controller, or the path of a module'), controllerSchema], {
      error: expected('the name of a controller, the path of a module, or a controller as data'),
    }),
    'The controller of a chip that has its own: it triggers the named events of the program (`events.on`) and takes the spikes. A bundled one by name, [a module](chips.md#a-controller-as-a-module) of yours by its path, or [what it holds and does](chips.md#a-controller-as-data), as data.',
    './my-chip.mjs',
  ).optional(),
  generators: key(
    recordOf(nameKey, generatorSection, { error: nameKeyError }).prefault({}),
    "Random generators by name, which `draw` in microcode names. They come beside each lane's own generator.",
    { inputWeights: { recurrence: [3, 25], bitsPerAdvance: 512, wordBits: 32, lanes: 16 } },
  ),
  banks: key(recordOf(nameKey, bankSection, { error: nameKeyError }), 'The memory banks by name.', {
    weight: {
      capacityBits: 4194304,
      wordBits: 128,
      ports: { read: 1, write: 1 },
      bitMask: true,
      readPj: 32.16,
      writePj: 33.9,
      leakUw: 409.6,
      areaUm2: 713000,
      source: 'sram-28nm',
    },
  }),
  placement: key(
    strictObject({
      weight: key(
        nonEmptyText('the name of a bank'),
        'The bank of the inference weights; on a float32 core, of the only copy of the weights.',
        'weight',
      ),
      shadow: key(
        nonEmptyText('the name of a bank'),
        'The bank of the shadow weights and of the other fields of projections.',
        'shadow',
      ),
      state: key(nonEmptyText('the name of a bank'), 'The bank of the fields of populations.', 'state'),
    }),
    'The bank of each kind of field. A field of a program that names a `bank` goes there instead.',
    { weight: 'weight', shadow: 'shadow', state: 'state' },
  ),
  router: key(routerSection, 'The FIFO of address events between populations.', {
    fifoDepth: 64,
    whenFull: 'stall',
    pushPj: 0.9606,
    popPj: 0.9114,
    areaUm2: 348.2,
    source: 'sram-28nm',
  }),
  overheads: key(
    strictObject({
      fillCycles: key(
        whole('a number of cycles', 0, 65_536),
        'Cycles to fill the pipeline, for each pass over a row or a population. If absent, it follows from the pipeline of each kernel: the cycles from its last tile until all is written.',
        3,
      ).exactOptional(),
      kernelCycles: key(whole('a number of cycles', 0, 65_536), 'Cycles for each start of a kernel.', 1),
      rowCycles: key(
        whole('a number of cycles', 0, 65_536),
        'Cycles for each row looked up; if 0, closed tiles of segments are free, too.',
        1,
      ),
      eventCycles: key(
        whole('a number of cycles', 0, 65_536),
        'Cycles for each event taken from the FIFO.',
        1,
      ),
      scanCycles: key(
        whole('a number of cycles', 0, 65_536),
        'Cycles for each tile of a field that a gate or `stopUnlessAny` scans, for each word that `clear` writes, and for each word of spikes kept for a delay. If absent, 1.',
        0,
      ).exactOptional(),
      source: sourceName,
    }),
    'Fixed cycles, beside those of the tiles.',
    { kernelCycles: 1, rowCycles: 1, eventCycles: 1, source: 'pipeline' },
  ),
  staticPower: key(staticPower, "Power drawn whether or not the core works, beside the banks' leakage.", {
    powerUw: 27.3,
    source: 'power',
  }),
  clockPower: key(
    strictObject({
      uwPerMhz: key(
        estimable('uW/MHz'),
        'Power in µW for each MHz of the clock, which is energy in pJ for each period; or `auto`: of the clock tree, [estimated](estimators/clock.md) from registers, control and the area of the core.',
        1.78,
      ),
      source: sourceOfStated,
    }),
    'Power that the running clock draws, whether or not the core works.',
    { uwPerMhz: 1.78, source: 'power' },
  ).optional(),
  activity: key(
    activitySection,
    'How the energies of this model depend on data. If absent, what is [assumed of any figure](activity.md) holds.',
    { togglesPerBit: 0.25, between: [0.125, 0.5], dataShare: { banks: 0.1 }, source: 'power' },
  ).optional(),
  control: key(controlSection, 'Everything but banks, lanes and router: sequencer, decoder, interface.', {
    areaUm2: 35860,
    source: 'control',
  }),
  fpga: key(
    fpgaSection,
    'The resources of an FPGA, in place of areas: such a core has none in µm². A program that needs more of one is refused.',
  ).optional(),
  faults: key(
    faultsSection,
    'Cells of the banks that fail, as they do below the supply that a memory is made for, and packets that are lost between cores. If absent, there are none.',
    { seed: 1, banks: ['weight'], bitErrorRate: 0.001 },
  ).optional(),
  chip: key(
    chipSection,
    'A chip of many such cores: its mesh, the capacity of a core, and the costs of its network. If absent, the chip has one core.',
  ).optional(),
  mapping: key(
    mappingSection,
    'The limits of the chip, or of the tool that maps networks to it, on networks as such. If absent, there are none but those of memory and of `chip.limits`.',
  ).optional(),
});

/** The shape of an hw-model file after its `extends` has been merged. */
export type HwModelFile = z.infer<typeof shape>;
