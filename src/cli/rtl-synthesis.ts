import { join } from 'node:path';
import { parseSettings } from '../experiment/index.ts';
import { findFile, writeTogether } from '../fs/index.ts';
import {
  chooseMacros,
  type HwModel,
  type MacroArray,
  nandUm2,
  type Ports,
  parseMacros,
} from '../hardware/index.ts';
import type { CoreImage } from '../image/index.ts';
import { grouped } from '../report/index.ts';
import { type Style, table } from '../report/node.ts';
import {
  bitsOfControl,
  type CorePlan,
  gatesFiles,
  listMemories,
  memoryIn,
  noLiberty,
  portsOf,
  type SourceFile,
  type SynthesisedDesign,
  synthesisedModel,
  type TimedMemory,
  timingFiles,
} from '../rtl/index.ts';
import {
  type Liberty,
  loadLiberty,
  longestPathNs,
  type ModuleCells,
  synthesiseGates,
  versionOf,
  type Watch,
} from '../rtl/node.ts';
import { attempt, PlasticoreError, type SourceText, sum, yamlText } from '../text/index.ts';

/** The choices that map a core to the cells of a chip, beside the parts of FPGAs. */
export const chipTargets = ['gates', 'liberty'] as const;
type ChipTarget = (typeof chipTargets)[number];
const [gates] = chipTargets;

export function isChipTarget(target: string | undefined): target is ChipTarget {
  return chipTargets.some((known) => known === target);
}

/** A core that is synthesised, and the hw-model that it was written for. */
export interface CoreToSynthesise {
  readonly image: CoreImage;
  readonly hw: HwModel;
  /** How a file in the folder refers to that model, and what is set of it. */
  readonly extended: string;
  readonly settings: readonly string[];
}

/** The cells and memories of a chip that a core is mapped to. */
export interface ChipLibrary {
  /** `gates` for the library of the package, whose areas are those of 45 nm, or `liberty`. */
  readonly synth: ChipTarget;
  readonly liberty: Liberty;
  /** The node of its process, in nm. */
  readonly nodeNm: number;
  /** The CSV of macros of which banks are built, with its name; undefined where banks stay as the model has them. */
  readonly macros: SourceText | undefined;
}

/** The library that a line asks for, before anything is written; undefined where it asks for none. */
export function chipLibrary({
  synth,
  liberty,
  node,
  macros,
}: {
  readonly synth?: string | undefined;
  readonly liberty?: string | undefined;
  readonly node?: number | undefined;
  readonly macros?: string | undefined;
}): ChipLibrary | undefined {
  for (const [name, value] of Object.entries({ liberty, node }))
    if (value !== undefined && synth !== 'liberty')
      throw new PlasticoreError('usage', `--${name} needs --synth liberty`);
  if (!isChipTarget(synth)) {
    if (macros === undefined) return undefined;
    throw new PlasticoreError('usage', '--macros needs --synth liberty or --synth gates');
  }
  if (synth === 'liberty' && (liberty === undefined || node === undefined))
    throw noLiberty(liberty !== undefined);
  return {
    synth,
    liberty: loadLiberty(liberty),
    nodeNm: node ?? packageNm,
    macros: macros === undefined ? undefined : findFile('macros', macros, ''),
  };
}

/** A core that was mapped to gates. */
export interface SynthesisedChip {
  /** The cells of each module, in words. */
  readonly said: string;
  readonly cells: readonly ModuleCells[];
  readonly banks: readonly ChipBank[];
  readonly clockMhz: number;
  /** Writes the hw-model anew, with energies that were computed of the netlist. */
  readonly state: (energy: StatedEnergy) => void;
}

/** Energies of a core in pJ, of a period in which it works, and how they were found. */
interface StatedEnergy {
  readonly controlPj: number;
  readonly clockPj: number;
  readonly how: string;
}

/** Maps a core to gates, and writes an hw-model with them. */
export async function synthesisedGates(
  folder: string,
  sources: readonly SourceFile[],
  plan: CorePlan,
  core: CoreToSynthesise,
  library: ChipLibrary,
  { style, ...watch }: Watch & { readonly style: Style },
): Promise<SynthesisedChip> {
  const { liberty, synth, macros } = library;
  const modules = sources.filter(([name]) => name.endsWith('.sv'));
  const names = modules.map(([name]) => name);
  const banks = banksOf(plan, core.hw, library);
  const lists = banks.flatMap(({ module, isList }) => (isList ? [module] : []));
  writeTogether(folder, gatesFiles(names, { top: coreModule, liberty, lists }));
  const found = await synthesiseGates(folder, liberty, watch);
  const pathNs = liberty.isTimed ? await longestPath(folder, modules, banks, watch) : undefined;
  const file = `${core.hw.name}-${synth}.yaml`;
  const clockMhz = Math.min(core.hw.clockMhz, slowestMhz(pathNs));
  const state = (energy?: StatedEnergy): void =>
    writeTogether(folder, [[file, chipModel(plan, core, library, { found, banks, pathNs, energy })]]);
  writeTogether(folder, [
    ...(macros === undefined ? [] : [[macrosFile, macros.text] as const]),
    ...(synth === gates ? [] : [['config.yaml', layoutText(modules, clockMhz)] as const]),
  ]);
  state();
  const ofMacros = banks.flatMap(({ module, array }) =>
    array === undefined
      ? []
      : [
          [
            `${module}: ${array.across * array.deep} of ${array.macro.words} x ${array.macro.bits}`,
            ...[grouped(Math.round(array.areaUm2)), '', ''],
          ],
        ],
  );
  const path =
    pathNs === undefined
      ? []
      : [`longest path ${pathNs.toFixed(2)} ns: at most ${(1000 / pathNs).toFixed(1)} MHz, before wires`];
  const said = [
    cellsTable(liberty, found, ofMacros, style),
    ...path,
    `${join(folder, file)}: an hw-model of what was synthesised`,
  ].join('\n');
  return { said, cells: found, banks, clockMhz, state };
}

/**
 * Maps a programmable core to gates. Its microcode, its lists and the registers of its lanes stay memories, as its
 * banks do. No hw-model follows: what it writes is not of one program.
 */
export async function programmedGates(
  folder: string,
  sources: readonly SourceFile[],
  { liberty }: ChipLibrary,
  { style, ...watch }: Watch & { readonly style: Style },
): Promise<string> {
  const names = sources.map(([name]) => name).filter((name) => name.endsWith('.sv'));
  const lists = [programmedBanks];
  writeTogether(folder, gatesFiles(names, { top: coreModule, liberty, lists, keepsMemories: true }));
  const found = await synthesiseGates(folder, liberty, watch);
  const bits = sum(found.map(({ memoryBits, instances }) => memoryBits * instances));
  return cellsTable(
    liberty,
    found,
    [[`memories of ${grouped(bits)} bits beside its banks`, '', '', '']],
    style,
  );
}

/** How yosys finds the modules of banks, whose names have their parameters. */
const programmedBanks = '=A:hdlname=micro_bank';

/** The cells of each module, of all its instances. */
function cellsTable(
  liberty: Liberty,
  found: readonly ModuleCells[],
  more: readonly (readonly string[])[],
  style: Style,
): string {
  const total = (of: (own: ModuleCells) => number) => sum(found.map((own) => own.instances * of(own)));
  const all = total(({ areaUm2 }) => areaUm2);
  const row = (what: string, areaUm2: number, flipFlops: number): string[] => [
    what,
    grouped(Math.round(areaUm2)),
    grouped(flipFlops),
    `${((100 * areaUm2) / all).toFixed(1)} %`,
  ];
  const rows = found
    .filter(({ areaUm2 }) => areaUm2 > 0)
    .map(({ module, areaUm2, flipFlops, instances }) =>
      row(instances === 1 ? module : `${instances} x ${module}`, instances * areaUm2, instances * flipFlops),
    );
  const allCells = row(
    'all cells',
    all,
    total(({ flipFlops }) => flipFlops),
  );
  return table(
    [liberty.name, 'um2', 'flip-flops', 'of the cells'],
    [...rows, allCells, ...more],
    'lrrr',
    style,
  );
}

export const coreModule = 'plasticore_core';
const macrosFile = 'macros.csv';

/** A bank of a core, as large as its program needs, or a list of its walker, and the macros of which it is built. */
interface ChipBank {
  readonly name: string;
  readonly isList: boolean;
  readonly module: string;
  readonly capacityBits: number;
  readonly array: MacroArray | undefined;
  readonly accessNs: number | undefined;
}

/** The banks, and the lists whose macros take less than the flip-flops of their bits. */
function banksOf(plan: CorePlan, hw: HwModel, { macros, liberty }: ChipLibrary): ChipBank[] {
  const arrayOf = (capacityBits: number, wordBits: number, ports: Ports): MacroArray | undefined =>
    macros &&
    chooseMacros(
      parseMacros(macros.text, macros.file),
      { capacityBits, wordBits, ports, periodNs: 1000 / hw.clockMhz },
      { file: macros.file },
    );
  const banks = plan.banks.flatMap(({ name, module, usedWords, wordBits }): ChipBank[] => {
    const own = hw.banks.find((bank) => bank.name === name);
    if (usedWords === 0 || own === undefined) return [];
    const capacityBits = usedWords * wordBits;
    const array = arrayOf(capacityBits, wordBits, own.ports);
    const accessNs = array?.macro.accessNs ?? own.accessNs;
    return [{ name, isList: false, module, capacityBits, array, accessNs }];
  });
  const lists = listMemories(plan).flatMap(({ list, module, words, wordBits }): ChipBank[] => {
    const capacityBits = words * wordBits;
    const own = attempt(() => arrayOf(capacityBits, wordBits, { shared: 1 }));
    // Where no macro has these ports, or is fast enough, the list stays what it is.
    const array = list.isLookedUp || own instanceof PlasticoreError ? undefined : own;
    if (array === undefined || array.areaUm2 >= capacityBits * liberty.flipFlopUm2) return [];
    return [{ name: module, isList: true, module, capacityBits, array, accessNs: array.macro.accessNs }];
  });
  return [...banks, ...lists];
}

async function longestPath(
  folder: string,
  modules: readonly SourceFile[],
  banks: readonly ChipBank[],
  watch: Watch,
): Promise<number | undefined> {
  const memories = modules.flatMap(([file, text]): TimedMemory[] => {
    const bank = banks.find(({ module }) => `${module}.sv` === file);
    const module = bank?.module ?? memoryIn(file);
    if (module === undefined) return [];
    // A table of segments has the time of no bank.
    const accessNs = bank?.accessNs ?? 0;
    return [{ module, ports: portsOf(text), accessNs }];
  });
  writeTogether(folder, timingFiles(coreModule, memories));
  return longestPathNs(folder, watch);
}

/** The model whose control is what was synthesised: all that is in no pipeline and no bank, and its lists. */
function chipModel(
  plan: CorePlan,
  core: CoreToSynthesise,
  { synth, liberty, nodeNm, macros }: ChipLibrary,
  {
    found,
    banks,
    pathNs,
    energy,
  }: {
    readonly found: readonly ModuleCells[];
    readonly banks: readonly ChipBank[];
    readonly pathNs: number | undefined;
    readonly energy: StatedEnergy | undefined;
  },
): string {
  const { hw } = core;
  const ofCells = found.filter(({ module }) => module === coreModule || module.startsWith('list_'));
  const ofMacros = banks.flatMap(({ isList, array }) => (isList && array !== undefined ? [array] : []));
  const ofControl = [...ofCells, ...ofMacros].reduce((sum, { areaUm2 }) => sum + areaUm2, 0);
  // Those of the library are at the node of its process; the ones of the package are carried there.
  const scale = synth === gates ? (hw.technologyNm / nodeNm) ** 2 : 1;
  const how =
    synth === gates
      ? `${grouped(Math.round(ofControl / nandUm2))} gates of ${nandUm2} um2 at ${nodeNm} nm, by the square of the node at ${hw.technologyNm} nm`
      : `cells of ${liberty.name}, before placement`;
  const tools = pathNs === undefined ? versionOf('yosys') : `${versionOf('yosys')} and OpenSTA`;
  const slowMhz = slowestMhz(pathNs);
  return synthesisedModel(
    synthesisedOf(core, tools),
    synth,
    {
      ...(synth !== gates && {
        technologyNm: nodeNm,
        ...(liberty.supplyV !== undefined && { supplyV: liberty.supplyV }),
      }),
      ...(slowMhz < hw.clockMhz && { clockMhz: slowMhz }),
      control: {
        areaUm2: Math.round(ofControl * scale),
        energyPj: energy?.controlPj ?? 'auto',
        bits: bitsOfControl(plan),
        flipFlops: found.reduce((sum, { flipFlops }) => sum + flipFlops, 0),
        source: 'synthesis',
      },
      // 1 pJ a period is 1 uW at 1 MHz.
      ...(energy && { clockPower: { uwPerMhz: energy.clockPj, source: 'synthesis' } }),
      ...(macros && {
        banks: Object.fromEntries(
          hw.banks.map(({ name, wordBits }) => {
            const bank = banks.find((own) => !own.isList && own.name === name);
            // The core has no bank that its program leaves empty; the format has none below some words.
            if (bank === undefined) return [name, { capacityBits: fewestWords * wordBits }];
            return [name, { capacityBits: bank.capacityBits, macros: macrosFile, source: 'synthesis' }];
          }),
        ),
      }),
    },
    [
      how,
      ...(macros === undefined ? [] : [`banks of the macros in ${macrosFile}`]),
      ...(energy === undefined ? [] : [energy.how]),
    ].join('; '),
  );
}

/** Words of a bank that is not there, so few that it costs next to nothing and an estimate still knows it. */
const fewestWords = 64;

/** The clock that the longest path lets through, in MHz. */
function slowestMhz(pathNs: number | undefined): number {
  return pathNs === undefined ? Number.POSITIVE_INFINITY : Math.floor(1e4 / pathNs) / 10;
}

/** What LibreLane needs to know of a core in the folder, so that it makes a layout. */
function layoutText(modules: readonly SourceFile[], clockMhz: number): string {
  const files = modules.map(([name]) => `dir::${name}`);
  return [
    '# For LibreLane: librelane --pdk PDK config.yaml. Nobody has run it yet.',
    '# bank_*.sv come first: exchange their text for macros of the process, and name these under MACROS.',
    yamlText({
      DESIGN_NAME: coreModule,
      VERILOG_FILES: files,
      CLOCK_PORT: 'clk',
      CLOCK_PERIOD: Number((1000 / clockMhz).toFixed(2)),
      // Percent of the area of a layout that cells take.
      FP_CORE_UTIL: 60,
    }),
  ].join('\n');
}

/** The node of the package's own cells. */
const packageNm = 45;

/** What of a core goes into the hw-model of its synthesis, and the tools that made it. */
export function synthesisedOf(
  { image, hw, extended, settings }: CoreToSynthesise,
  tools: string,
): SynthesisedDesign {
  return { image, hw, extended, settings: parseSettings(settings).hw, tools };
}
