import { isForOnePort, sliceBits } from '../../hardware/index.ts';
import { boards } from '../board/boards.ts';
import { type SourceFile, vector } from '../emit/verilog.ts';
import type { BankPlan, CorePlan } from '../plan/core-plan.ts';
import {
  type BoardName,
  type FamilyName,
  families,
  familyOf,
  isBoard,
  partOf,
  partOfBoard,
  parts,
  type RoutedType,
  type SynthesisTarget,
} from './parts.ts';

/** The design to synthesise: the core alone, or with its surroundings. The files of a netlist have its name. */
interface Top {
  readonly name: string;
  readonly module: string;
  readonly family: FamilyName;
  /** Values of the module's parameters that differ from its own. */
  readonly parameters?: Readonly<Record<string, number>>;
}

const coreTop: Top = { name: 'ecp5', module: 'plasticore_core', family: 'ecp5' };
const boardTops = {
  ulx3s: { name: 'ulx3s', module: 'board', family: 'ecp5', parameters: boards.ulx3s.parameters },
  icebreaker: {
    name: 'icebreaker',
    module: 'board',
    family: 'ice40',
    parameters: boards.icebreaker.parameters,
  },
} as const satisfies Readonly<Record<RoutedType, Top>>;
/** The part has few pins, so that the core is placed behind a shift register. */
const smallTop: Top = { name: 'ice40', module: 'plasticore_pins', family: 'ice40' };

/** The report of nextpnr on a part; of one placement among several, by its number. */
export const reportFile = (target: SynthesisTarget, placement?: number): string =>
  `${target}${numbered(placement)}.report.json`;

/** The design that nextpnr has placed and routed on a board. */
export const routedFile = (board: BoardName, placement?: number): string =>
  `${partOfBoard[board].type}${numbered(placement)}.${familyOf(board).board.layoutEnding}`;

function numbered(placement: number | undefined): string {
  return placement === undefined ? '' : `.${placement}`;
}

/** The configuration of the part on the board. */
export const bitstreamFile = (board: BoardName): string =>
  `${partOfBoard[board].type}.${familyOf(board).board.bitstreamEnding}`;

/** The scripts with which yosys makes netlists of the core, and of the board with it, where there is one. */
export function synthesisFiles(
  plan: CorePlan,
  core: readonly SourceFile[],
  board: readonly SourceFile[],
): SourceFile[] {
  const [, text = ''] = core.find(([name]) => name === 'plasticore_core.sv') ?? [];
  const script = (sources: readonly string[], top: Top): SourceFile =>
    synthesisScript(
      sources,
      top,
      families[top.family].synthesis,
      plan.banks.flatMap((bank) => (bank.usedWords === 0 ? [] : slicesOf(bank, top.family))),
    );
  return [
    script(namesOf(core), coreTop),
    ...(board.length === 0
      ? []
      : Object.values(boardTops).map((top) => script(namesOf([...core, ...board]), top))),
    script([...namesOf(core), pinsFile], smallTop),
    [pinsFile, pinsText(text)],
  ];
}

/** Those for a programmable core. Without wide multiplexers a lane of it takes half of the lookup tables. */
export function programmedSynthesis(core: readonly SourceFile[], board: readonly SourceFile[]): SourceFile[] {
  const synthesis = `${families.ecp5.synthesis} -nowidelut`;
  return [
    synthesisScript(namesOf(core), coreTop, synthesis),
    synthesisScript(namesOf([...core, ...board]), boardTops.ulx3s, synthesis),
  ];
}

function namesOf(files: readonly SourceFile[]): string[] {
  return files.flatMap(([name]) => (name.endsWith('.sv') ? [name] : []));
}

/**
 * The script with which yosys makes a netlist.
 *
 * A bank becomes memories side by side, each as wide as one block of the part is at the bank's depth. A bank that is
 * deeper than a block at its narrowest has a memory for each bit: no multiplexer behind blocks, which would set the
 * clock. Where one port reads and writes, a bank may fit the part's memories with one port.
 */
function synthesisScript(
  sources: readonly string[],
  { name: file, module, family, parameters = {} }: Top,
  synthesis: string,
  slices: readonly string[] = [],
): SourceFile {
  const { title } = families[family];
  const set = Object.entries(parameters).map(([name, value]) => `chparam -set ${name} ${value} ${module}`);
  return [
    `${file}.ys`,
    [
      `# yosys ${file}.ys: a netlist of ${module} for ${title}`,
      `read_verilog -sv ${sources.join(' ')}`,
      ...set,
      ...slices,
      `${synthesis} -top ${module} -run :check`,
      'hierarchy -check',
      // Without the pass that names cells, which takes long.
      'check -assert -noinit',
      'blackbox =A:whitebox',
      `write_json ${file}.json`,
      '',
    ].join('\n'),
  ];
}

/** The bits of each memory of a bank. One that goes into large memories is whole, or yosys would prefer blocks. */
function slicesOf(
  { module, usedWords: words, wordBits, isShared, slices: { bits: slice } }: BankPlan,
  family: FamilyName,
): string[] {
  const { block, large } = families[family];
  const needed = { words, wordBits, slice, isShared, isCut: true };
  if (large === undefined || !isForOnePort(block, large, needed))
    return [`chparam -set SLICE ${sliceBits(block, needed)} ${module}`];
  return [`chparam -set SLICE ${wordBits} ${module}`, `setattr -set ram_style "huge" ${module}/m:*.mem`];
}

/** The command that makes the netlist. */
export function netlistCommand(target: SynthesisTarget): readonly string[] {
  return ['yosys', '-q', '-s', `${topOf(target).name}.ys`];
}

/** The module that is placed on a target, and the name of its files. */
function topOf(target: SynthesisTarget): Top {
  if (isBoard(target)) return boardTops[partOfBoard[target].type];
  return parts[partOf(target)].family === 'ice40' ? smallTop : coreTop;
}

/** The router with the netlist of a target. The core has more ports than a part has pins. */
function onPart(target: SynthesisTarget): readonly string[] {
  const { family, options } = parts[partOf(target)];
  const { router, hasFewPins } = families[family];
  const packaged = isBoard(target) ? partOfBoard[target].packaged : undefined;
  const alone = hasFewPins || isBoard(target) ? [] : ['--out-of-context'];
  const pins = packaged === undefined ? alone : ['--package', packaged];
  return [router, ...options, ...pins, '--json', `${topOf(target).name}.json`];
}

/** The command that says what the netlist takes of the part: in seconds, where placing it takes minutes. */
export function packCommand(target: SynthesisTarget): readonly string[] {
  return [...onPart(target), '--pack-only'];
}

/**
 * The command that places and routes the netlist.
 *
 * @param placement the number of a placement among several, which begins with other random numbers
 */
export function routeCommand(
  target: SynthesisTarget,
  clockMhz: number,
  placement?: number,
): readonly string[] {
  return [
    ...onPart(target),
    ...families[parts[partOf(target)].family].routerOptions,
    ...['--report', reportFile(target, placement), '--freq', String(clockMhz)],
    ...(isBoard(target) ? onBoard(target, placement) : []),
    ...(placement === undefined ? [] : ['--seed', String(placement)]),
    // A clock that is not met is told, and no failure.
    ...['--timing-allow-fail', '--quiet'],
  ];
}

/** The router's options for the pins of a board, and for what it writes. */
function onBoard(target: BoardName, placement?: number): string[] {
  const { pins, layout } = familyOf(target).board;
  const { type } = partOfBoard[target];
  return [pins, `${type}.${boards[type].constraints}`, layout, routedFile(target, placement)];
}

/** The command that makes the configuration of what has been routed. */
export function bitstreamCommand(target: BoardName): readonly string[] {
  return [...familyOf(target).board.packer, routedFile(target), bitstreamFile(target)];
}

/** The name of the file, which is none of the core's sources. */
const pinsFile = 'pins.v';

export interface ModulePort {
  readonly isOutput: boolean;
  readonly bits: number;
  readonly name: string;
}

/** The ports of the module in a file, but for its clock. */
export function portsOf(file: string): ModulePort[] {
  const start = file.search(/^module /m);
  const header = file.slice(start, file.indexOf('\n);', start));
  return [...header.matchAll(/^ *(input|output) \w+(?: signed)?(?: \[(\d+):0\])? (\w+),?$/gm)].flatMap(
    ([, direction, high, name = '']) =>
      name === 'clk' ? [] : [{ isOutput: direction === 'output', bits: Number(high ?? 0) + 1, name }],
  );
}

/**
 * The core behind four pins, for parts that have few: its inputs are shifted in, its outputs out. It shows what a core
 * takes and how fast it is, and is no way to use it.
 *
 * @param core the text of the core's file
 */
function pinsText(core: string): string {
  const ports = portsOf(core);
  const connected = (isOutput: boolean, register: string): { bits: number; lines: string[] } => {
    let bits = 0;
    const lines = ports
      .filter((port) => port.isOutput === isOutput)
      .map(({ name, bits: own }) => {
        bits += own;
        return `    .${name}(${register}[${bits - 1}:${bits - own}])`;
      });
    return { bits, lines };
  };
  const [inputs, outputs] = [connected(false, 'inputs'), connected(true, 'answer')];
  return [
    '// The core behind four pins, to be placed on a part that has few: its inputs are shifted in, its outputs out.',
    'module plasticore_pins (input wire clk, input wire in, input wire take, output wire out);',
    `  reg ${vector(inputs.bits)} inputs;`,
    `  wire ${vector(outputs.bits)} answer;`,
    `  reg ${vector(outputs.bits)} outputs;`,
    '  always @(posedge clk) begin',
    `    inputs <= {inputs[${inputs.bits - 2}:0], in};`,
    `    outputs <= take ? answer : {1'b0, outputs[${outputs.bits - 1}:1]};`,
    '  end',
    '  assign out = outputs[0];',
    '  plasticore_core core (',
    [...inputs.lines, ...outputs.lines, '    .clk(clk)'].join(',\n'),
    '  );',
    'endmodule',
    '',
  ].join('\n');
}
