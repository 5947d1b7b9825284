import { at } from '../../arrays/index.ts';
import { sliceBits } from '../../hardware/index.ts';
import type { CoreImage } from '../../image/index.ts';
import { slicesOf } from '../emit/bank-modules.ts';
import type { SourceFile } from '../emit/core-text.ts';
import { identifier } from '../emit/text.ts';
import type { CorePlan } from '../plan/core-plan.ts';
import { type FamilyName, families, familyOf, isBoard, partOfBoard, parts, type Target } from './parts.ts';
import { pinsFile, pinsText } from './pins.ts';

/** What is synthesised: the core alone, or with what is around it. The files of a netlist have its name. */
interface Top {
  readonly name: string;
  readonly module: string;
  readonly family: FamilyName;
}

const coreTop: Top = { name: 'ecp5', module: 'plasticore_core', family: 'ecp5' };
const boardTop: Top = { name: 'ulx3s', module: 'ulx3s', family: 'ecp5' };
/** The part has few pins, so that the core is placed behind a shift register. */
const smallTop: Top = { name: 'ice40', module: 'plasticore_pins', family: 'ice40' };

/** What nextpnr reports of a part. */
export const reportFile = (target: Target): string => `${target}.report.json`;

/** The configuration of the part on the board. */
export const bitstreamFile = `${boardTop.name}.bit`;

/** The scripts with which yosys makes netlists of the core, and of the board with it, where there is one. */
export function synthesisFiles(
  plan: CorePlan,
  core: readonly SourceFile[],
  board: readonly SourceFile[],
): SourceFile[] {
  const namesOf = (files: readonly SourceFile[]): string[] =>
    files.flatMap(([name]) => (name.endsWith('.sv') ? [name] : []));
  const [, text = ''] = core.find(([name]) => name === 'plasticore_core.sv') ?? [];
  return [
    synthesisScript(plan, namesOf(core), coreTop),
    ...(board.length === 0 ? [] : [synthesisScript(plan, namesOf([...core, ...board]), boardTop)]),
    synthesisScript(plan, [...namesOf(core), pinsFile], smallTop),
    [pinsFile, pinsText(text)],
  ];
}

/**
 * The script with which yosys makes a netlist.
 *
 * A bank becomes memories side by side, each as wide as one block of the part is at the bank's depth. A bank that is
 * deeper than a block at its narrowest has a memory for each bit: no multiplexer behind blocks, which would set the
 * clock. Where one port reads and writes, a bank may fit the part's memories with one port.
 */
function synthesisScript(
  { image, hw }: CorePlan,
  sources: readonly string[],
  { name: file, module, family }: Top,
): SourceFile {
  const { title, synthesis } = families[family];
  const slices = image.banks.flatMap(({ name, usedWords }, index) => {
    if (usedWords === 0) return [];
    const slice = sliceOf(image, index, 'shared' in at(hw.banks, index).ports, family);
    return [`chparam -set SLICE ${slice} bank_${identifier(name)}`];
  });
  return [
    `${file}.ys`,
    [
      `# yosys ${file}.ys: a netlist of ${module} for ${title}`,
      `read_verilog -sv ${sources.join(' ')}`,
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

/** Bits of each memory of a bank. */
function sliceOf(image: CoreImage, bank: number, isShared: boolean, family: FamilyName): number {
  const { block, large } = families[family];
  const { usedWords: words, wordBits } = at(image.banks, bank);
  const { bits: slice } = slicesOf(image, bank);
  const own = sliceBits(block, { words, wordBits, slice, isShared });
  // A bank that takes many blocks goes into the large memories.
  return isShared && large !== undefined && own < slice ? slice : own;
}

/** The commands that make the netlist, place and route it, one after the other. */
export function synthesisCommands(target: Target, clockMhz: number): readonly (readonly string[])[] {
  const { part, packaged } = isBoard(target) ? partOfBoard[target] : { part: target, packaged: undefined };
  const { family, options } = parts[part];
  const { name } = isBoard(target) ? boardTop : family === 'ice40' ? smallTop : coreTop;
  // The core has more ports than the part has pins.
  const alone = families[family].hasFewPins ? [] : ['--out-of-context'];
  const pins =
    packaged === undefined
      ? alone
      : ['--package', packaged, '--lpf', `${name}.lpf`, '--textcfg', `${name}.config`];
  return [
    ['yosys', '-q', '-s', `${name}.ys`],
    [
      familyOf(target).router,
      ...options,
      ...['--json', `${name}.json`, '--report', reportFile(target), '--freq', String(clockMhz)],
      // A clock that is not met is told, and no failure.
      ...[...pins, '--timing-allow-fail', '--quiet'],
    ],
  ];
}

/** The command that makes the configuration of what has been routed. */
export const bitstreamCommand = ['ecppack', '--compress', `${boardTop.name}.config`, bitstreamFile] as const;
