import { offered } from '../../compiler/index.ts';
import {
  activityOf,
  coreArea,
  dataParts,
  describeOtherShapes,
  type FpgaPart,
  type HwModel,
  type Source,
  usualControlBits,
} from '../../hardware/index.ts';
import { grouped } from '../../report/index.ts';
import { table } from '../../report/node.ts';
import { rounded } from '../../text/index.ts';
import type { Terminal } from '../terminal.ts';
import { chipRows, mappingRows } from './hw-chip.ts';

/** The sources of figures, numbered as they are cited. */
class Citations {
  readonly sources: Source[] = [];

  /** The numbers and the kinds of some sources. */
  readonly cite = (...named: readonly Source[]): string => {
    const unique = [...new Map(named.map((source) => [source.name, source])).values()];
    const numbers = unique.map((source) => {
      const known = this.sources.findIndex(({ name }) => name === source.name);
      if (known < 0) this.sources.push(source);
      return `[${known < 0 ? this.sources.length : known + 1}]`;
    });
    return `${numbers.join(' ')} ${[...new Set(unique.map(({ kind }) => kind))].join(', ')}`;
  };
}

type Cite = Citations['cite'];

/** A table by its head, its rows and how its columns are aligned. */
type Table = readonly [head: string[], rows: string[][], align: string];

export function printModel(model: HwModel, { print, style }: Terminal): void {
  const citations = new Citations();
  print(`${style.bold(model.name)}: ${model.description}\n`);
  const tables = [
    coreTable(model),
    unitTable(model, citations.cite),
    kernelTable(model, citations.cite),
    bankTable(model, citations.cite),
    otherTable(model, citations.cite),
    chipTable(model, citations.cite),
    mappingTable(model, citations.cite),
    model.fpga === undefined ? areaTable(model) : partTable(model.fpga, citations.cite),
  ].filter(([, rows]) => rows.length > 0);
  for (const [at, [head, rows, align]] of tables.entries())
    print(`${at === 0 ? '' : '\n'}${table(head, rows, align, style)}`);
  if (model.otherShapes.length > 0) {
    print(`\n${style.bold('figures stated for another shape of the core')}`);
    for (const text of describeOtherShapes(model.otherShapes)) print(text);
  }
  print(`\n${style.bold('sources')}`);
  for (const [index, { cite, kind, checked, interval }] of citations.sources.entries()) {
    const { low, high } = interval;
    const bounds = low === 1 && high === 1 ? '' : `, true value ${rounded(low)} to ${rounded(high)} of it`;
    print(`[${index + 1}] ${cite} (${kind}, read in: ${checked}${bounds})`);
  }
}

function coreTable(model: HwModel): Table {
  const { accumulatorBits } = model.precision;
  const widths =
    accumulatorBits.length === 0
      ? [['widths', "each program's own"]]
      : [
          ['accumulators', `${accumulatorBits.join(', ')} bits`],
          ['inference weights', model.inferenceWeights],
        ];
  const rows = [
    ['technology', `${model.technologyNm} nm, ${model.supplyV} V, ${model.clockMhz} MHz`],
    ...(model.bankSupplyV === undefined ? [] : [['supply of banks', `${model.bankSupplyV} V`]]),
    ...describeFaults(model.faults),
    ['arithmetic', `${model.arithmetic}, datapath of ${model.datapathBits} bits`],
    ['lanes', `${model.lanes}, column gate ${model.columnGate}`],
    ['sequencer', model.sequencer],
    ['precisions', offered(model).join(' ')],
    ...widths,
    ...(model.controller === undefined ? [] : [['controller', describeController(model)]]),
    ['baseline', model.baseline ?? '-'],
  ];
  return [['core', ''], rows, 'l'];
}

function describeFaults(faults: HwModel['faults']): string[][] {
  if (faults === undefined) return [];
  const { seed, errors, banks, rate, lostPackets } = faults;
  const cells = `${errors}, ${rate.toExponential(2)} of those of ${banks.join(', ')}; chip ${seed}`;
  return [
    ...(banks.length === 0 ? [] : [['cells that fail', cells]]),
    ...(lostPackets === undefined ? [] : [['packets lost', `${lostPackets.toExponential(2)}; chip ${seed}`]]),
  ];
}

function describeController({ controller, controllerModule: module, controllerData }: HwModel): string {
  if (controllerData !== undefined) return `${controller}, as data`;
  return module === undefined
    ? `${controller}, its own`
    : `${controller}, in the module ${module.file}, SHA-256 ${module.sha256}`;
}

function unitTable({ operations }: HwModel, cite: Cite): Table {
  const rows = Object.entries(operations).flatMap(([arithmetic, classes]) =>
    Object.entries(classes).map(([name, unit]) => [
      `${arithmetic} ${name}`,
      String(unit.unitsPerLane),
      byWidth(unit.energyPj),
      String(rounded(unit.areaUm2)),
      cite(unit.sources.energyPj, unit.sources.areaUm2),
    ]),
  );
  return [['units', 'per lane', 'pJ by bits', 'um2', 'source'], rows, 'lrlrl'];
}

function kernelTable({ kernels, otherKernels }: HwModel, cite: Cite): Table {
  const others = Object.entries(otherKernels).map(
    ([domain, cost]) => [`others over ${domain}`, cost] as const,
  );
  const rows = [...Object.entries(kernels), ...others].map(([name, cost]) => [
    name,
    String(cost.cyclesPerItem),
    String(cost.cyclesPerTile),
    String(cost.energyPjPerItem),
    String(cost.energyPjPerTile),
    cite(cost.source),
  ]);
  return [['kernels', 'cycles an item', 'a tile', 'pJ an item', 'a tile', 'source'], rows, 'lrrrrl'];
}

function bankTable({ banks, fpga }: HwModel, cite: Cite): Table {
  const rows = banks.map((bank) => [
    bank.name,
    grouped(bank.capacityBits),
    String(bank.wordBits),
    'shared' in bank.ports
      ? `${bank.ports.shared} shared`
      : `${bank.ports.read} read, ${bank.ports.write} write`,
    bank.bitMask ? 'bit mask' : 'whole words',
    String(rounded(bank.readPj)),
    String(rounded(bank.writePj)),
    // On a part whose overhead is known, what leaks is the part's: its static power.
    fpga?.overhead === undefined ? String(rounded(bank.leakUw)) : '-',
    grouped(bank.areaUm2),
    bank.accessNs === undefined ? '-' : String(rounded(bank.accessNs)),
    cite(bank.sources.readPj, bank.sources.writePj, bank.sources.leakUw, bank.sources.areaUm2),
  ]);
  const head = ['banks', 'bits', 'word', 'ports', 'writes', 'read pJ', 'write pJ', 'leak uW', 'um2', 'ns'];
  return [[...head, 'source'], rows, 'lrrllrrrrrl'];
}

function otherTable(model: HwModel, cite: Cite): Table {
  const { router, overheads, staticPower, clockPower, control, placement, registers, fetch } = model;
  const rows = [
    ['placement', `weight: ${placement.weight}, shadow: ${placement.shadow}, state: ${placement.state}`, ''],
    [
      'router',
      `FIFO of ${router.fifoDepth} events, full: ${router.whenFull}; push ${rounded(router.pushPj)} pJ, pop ${rounded(router.popPj)} pJ; ${rounded(router.areaUm2)} um2`,
      cite(router.sources.popPj, router.sources.areaUm2),
    ],
    [
      'overheads',
      `fill ${overheads.fillCycles ?? 'by kernel'}, kernel ${overheads.kernelCycles}, row ${overheads.rowCycles}, event ${overheads.eventCycles}, scan ${overheads.scanCycles ?? 1} cycles`,
      cite(overheads.source),
    ],
    ['static power', `${staticPower.powerUw} uW`, cite(staticPower.source)],
  ];
  if (clockPower !== undefined)
    rows.push(['clock power', `${rounded(clockPower.uwPerMhz)} uW/MHz`, cite(clockPower.source)]);
  const carried = model.banks.flatMap(({ name, wires }) => (wires === undefined ? [] : [{ name, ...wires }]));
  if (carried.length > 0)
    rows.push([
      'wires',
      `${carried.map(({ name, readPj }) => `${name} ${rounded(readPj)}`).join(', ')} pJ a word to the lanes`,
      cite(...carried.map(({ source }) => source)),
    ]);
  rows.push([
    'control',
    `${rounded(control.areaUm2)} um2${describeBits(model)}; ${rounded(control.energyPj)} pJ a cycle${model.sequencer === 'hardwired' ? '' : ' without a tile'}`,
    cite(control.sources.areaUm2, control.sources.energyPj),
  ]);
  if (registers !== undefined)
    rows.push([
      'registers',
      `${registers.perLane} a lane; ${byWidth(registers.energyPj)} pJ an access by bits; ${rounded(registers.areaUm2)} um2 a lane`,
      cite(registers.sources.energyPj, registers.sources.areaUm2),
    ]);
  const { togglesPerBit, low, high, dataShare } = activityOf(model);
  rows.push([
    'data',
    `${rounded(100 * togglesPerBit)} % of bits toggle (${rounded(100 * low)} to ${rounded(100 * high)} %); they take ${dataParts.map((part) => `${rounded(100 * dataShare[part])} % of the energy of ${part}`).join(', ')}`,
    model.activity === undefined ? 'assumed: docs/activity.md' : model.activity.source,
  ]);
  if (fetch !== undefined)
    rows.push([
      'fetch',
      `${rounded(fetch.energyPj)} pJ an instruction, for all lanes`,
      cite(fetch.sources.energyPj),
    ]);
  return [['else', '', 'source'], rows, 'l'];
}

/** The bits behind the area of a hard-wired control. */
function describeBits({ sequencer, control: { bits } }: HwModel): string {
  if (sequencer !== 'hardwired') return '';
  return bits === undefined
    ? ` with ${grouped(usualControlBits)} bits, where no program says them`
    : ` with ${grouped(bits)} bits`;
}

function chipTable({ chip }: HwModel, cite: Cite): Table {
  return [['chip', '', 'source'], chip === undefined ? [] : chipRows(chip, cite), 'l'];
}

function mappingTable({ mapping }: HwModel, cite: Cite): Table {
  return [['networks', 'taken', 'source'], mapping === undefined ? [] : mappingRows(mapping, cite), 'l'];
}

/** The resources of an FPGA, which take the place of areas. */
function partTable(fpga: FpgaPart, cite: Cite): Table {
  const { part, luts, multipliers, memories, source, overhead, core } = fpga;
  const rows = [
    ['lookup tables', grouped(luts), core === undefined ? 'by synthesis' : grouped(core.luts)],
    [
      `multipliers of ${multipliers.bits} bits`,
      String(multipliers.count),
      core ? String(core.multipliers) : 'by program',
    ],
    ...memories.map(({ name, count, bits }) => [
      `${name} RAMs of ${bits / 1024} Kbit`,
      String(count),
      core ? String(core.blocks[name] ?? 0) : 'by program',
    ]),
  ].map((row) => [...row, cite(core?.source ?? source)]);
  if (overhead !== undefined)
    rows.push(['dynamic energy beside a chip’s', `${overhead.times} times`, '', cite(overhead.source)]);
  return [[part, 'of the part', 'used', 'source'], rows, 'lrrl'];
}

function areaTable(model: HwModel): Table {
  const { byUnit, totalUm2 } = coreArea(model);
  const parts = Object.entries(byUnit).map(([name, um2]) => [
    name,
    grouped(um2),
    totalUm2 === 0 ? '-' : `${((100 * um2) / totalUm2).toFixed(1)} %`,
  ]);
  return [['area', 'um2', ''], [...parts, ['all', grouped(totalUm2), '']], 'lr'];
}

function byWidth(table: Readonly<Record<number, number>>): string {
  return Object.entries(table)
    .map(([bits, pj]) => `${bits}: ${rounded(pj)}`)
    .join(', ');
}
