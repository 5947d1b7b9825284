import { layerReader, type MergedFiles, type Override, tableOf } from '../text/index.ts';
import { readActivitySection } from './activity.ts';
import { readWiring } from './area.ts';
import { clockRemarks } from './bank-access.ts';
import { readBanks } from './banks.ts';
import { hwModelSchema } from './checks.ts';
import { chosenCosts, readChip } from './chip-model.ts';
import { readControl, sequencerOf } from './control.ts';
import { type ResolveForModel, readController } from './controller.ts';
import { Estimates } from './estimates.ts';
import { readFaults } from './faults.ts';
import { readFpga } from './fpga.ts';
import { readGenerators } from './generators.ts';
import { readMapping } from './mapping/index.ts';
import type { HwModel, StatedCost } from './model.ts';
import { otherShapes } from './other-shapes.ts';
import { readRouter } from './router.ts';
import type { HwModelFile } from './schema.ts';
import { Sources } from './source.ts';
import { LaneFigures } from './units.ts';
import { auto } from './values.ts';

/**
 * Reads an hw-model.
 *
 * @param text the YAML text
 * @param file its name, for errors and for `resolve`
 * @param resolve finds the hw-model that this one extends, its CSV files of SRAM macros, and the module of its
 * controller
 * @param overrides replace parts of it, after merging and before validation
 * @throws PlasticoreError with all faults that a single pass can find, each with its place in the file that states it.
 * Checks that involve several keys are made only if each key is valid on its own.
 */
export function loadHwModel(
  text: string,
  file: string,
  resolve: ResolveForModel,
  overrides: readonly Override[] = [],
): HwModel {
  return hwModelReader(text, file, resolve)(overrides);
}

/** The same for many sets of overrides: the files are parsed once. */
export function hwModelReader(
  text: string,
  file: string,
  resolve: ResolveForModel,
): (overrides: readonly Override[]) => HwModel {
  const read = layerReader<HwModelFile>('hw-model', { text, file }, hwModelSchema, resolve);
  return (overrides) => {
    const layered = read(overrides);
    const model = modelOf(layered, resolve);
    const { sequencer, control } = layered.value;
    if (sequencer === 'hardwired' && control.bits === undefined)
      unwired.set(model, (value) =>
        modelOf(read([...overrides, { path: ['control', 'bits'], value, place: { file } }]), resolve),
      );
    return model;
  };
}

/** How to read those hard-wired models again, with the bits of their control, that leave them to the program. */
const unwired = new WeakMap<HwModel, (controlBits: number) => HwModel>();

/**
 * The model with the bits that its control has for a program, if it is hard-wired and does not state them.
 *
 * @param controlBits gives the bits of lists, FIFO and gates; undefined for a program that is not written as hardware
 */
export function wiredWith(hw: HwModel, controlBits: () => number | undefined): HwModel {
  const read = unwired.get(hw);
  const bits = read && controlBits();
  return read === undefined || bits === undefined ? hw : read(bits);
}

function modelOf(layered: MergedFiles<HwModelFile>, resolve: ResolveForModel): HwModel {
  const { value } = layered;
  const shapes = otherShapes(layered);
  const sources = new Sources(value.sources, shapes);
  const estimates = new Estimates(layered, sources);
  const lanes = new LaneFigures(layered, estimates, sources);
  const sourced = <Entry extends { readonly source: string }>(entry: Entry, ...path: readonly string[]) => ({
    ...entry,
    source: sources.named(entry.source, ...path),
  });
  const stated = (kernels: HwModelFile['kernels'], ...path: readonly string[]): HwModel['kernels'] =>
    Object.fromEntries(
      Object.entries(kernels).map(([name, cost]): [string, StatedCost] => [
        name,
        {
          cyclesPerItem: cost.cyclesPerItem ?? 0,
          cyclesPerTile: cost.cyclesPerTile ?? 0,
          energyPjPerItem: cost.energyPjPerItem ?? 0,
          energyPjPerTile: cost.energyPjPerTile ?? 0,
          source: sources.named(cost.source, ...path, name),
        },
      ]),
    );
  const chosen = value.chip && chosenCosts(value.chip);
  // The area of a FIFO that a model states for a core with microcode is none of a hard-wired one.
  const hasFifoInControl =
    value.sequencer === 'hardwired' &&
    (value.router.areaUm2 === auto || sequencerOf(layered.statedWith(['router', 'areaUm2'])) !== 'hardwired');
  const setPath = ['chip', 'costSets', chosen?.name ?? ''];
  const banks = readBanks(layered, estimates, sources, resolve);
  const model: Omit<HwModel, 'figures' | 'clockPower'> = {
    name: value.name,
    description: value.description,
    technologyNm: value.technologyNm,
    supplyV: value.supplyV,
    ...(value.bankSupplyV !== undefined && { bankSupplyV: value.bankSupplyV }),
    clockMhz: value.clockMhz,
    ...(value.timeInterval !== undefined && {
      timeInterval: { low: value.timeInterval[0], high: value.timeInterval[1] },
    }),
    ...(value.stepPeriodUs !== undefined && { stepPeriodUs: value.stepPeriodUs }),
    arithmetic: value.arithmetic,
    baseline: value.baseline,
    like: value.like,
    lanes: value.lanes,
    datapathBits: value.datapathBits,
    precision: value.precision ?? { shadowBits: [], weightBits: [], accumulatorBits: [] },
    inferenceWeights: value.inferenceWeights,
    align: value.align ?? 'items',
    columnGate: value.columnGate,
    sequencer: value.sequencer ?? 'microcode',
    microcode: value.microcode,
    ...readController(layered, resolve),
    kernels: tableOf({
      ...stated(value.kernels, 'kernels'),
      ...stated(chosen?.set.kernels ?? {}, ...setPath, 'kernels'),
    }),
    otherKernels: tableOf({
      ...stated(value.otherKernels, 'otherKernels'),
      ...stated(chosen?.set.otherKernels ?? {}, ...setPath, 'otherKernels'),
    }),
    operations: {
      integer: lanes.units('integer'),
      float32: lanes.units('float32'),
    },
    registers: lanes.registers(),
    fetch: lanes.fetch(),
    generators: readGenerators(value.generators),
    banks,
    placement: value.placement,
    router: readRouter(value.router, hasFifoInControl, estimates, sources),
    overheads: sourced(value.overheads),
    staticPower:
      chosen?.set.staticPower === undefined
        ? sourced(value.staticPower, 'staticPower')
        : sourced(chosen.set.staticPower, ...setPath, 'staticPower'),
    activity: value.activity && readActivitySection(value.activity, sources),
    control: readControl(layered, estimates, sources),
    fpga: value.fpga && readFpga(value.fpga, sources),
    ...(value.faults !== undefined && { faults: readFaults(layered, estimates) }),
    chip: value.chip && readChip(value.chip, sourced, estimates),
    mapping: value.mapping && readMapping(value.mapping, (source) => sourced({ source }, 'mapping').source),
    otherShapes: shapes,
    clockRemarks: clockRemarks(layered, banks),
  };
  const wiring = readWiring(value, model, estimates, sources);
  return { ...model, ...wiring, figures: sources.figures };
}
