import type { CoreImage } from '../../image/index.ts';
import { slicesOf } from '../emit/bank-modules.ts';
import type { SourceFile } from '../emit/core-text.ts';
import { identifier } from '../emit/text.ts';
import { blockBits, isBoard, partOfBoard, partOptions, type Target } from './parts.ts';

/** What is synthesised: the core alone, or the board with it. The files of a netlist have its name. */
interface Top {
  readonly name: string;
  readonly module: string;
}
const coreTop: Top = { name: 'ecp5', module: 'plasticore_core' };
const boardTop: Top = { name: 'ulx3s', module: 'ulx3s' };

/** What nextpnr reports of a part. */
export const reportFile = (target: Target): string => `${target}.report.json`;

/** The configuration of the part on the board. */
export const bitstreamFile = `${boardTop.name}.bit`;

/** The scripts with which yosys makes netlists of the core, and of the board with it, where there is one. */
export function synthesisScripts(
  image: CoreImage,
  core: readonly SourceFile[],
  board: readonly SourceFile[],
): SourceFile[] {
  const own = synthesisScript(image, core, coreTop);
  return board.length === 0 ? [own] : [own, synthesisScript(image, [...core, ...board], boardTop)];
}

/**
 * The script with which yosys makes a netlist.
 *
 * A bank becomes memories side by side, each as wide as one block of the part is at the bank's depth. A bank that is
 * deeper than a block at its narrowest has a memory for each bit: no multiplexer behind blocks, which would set the
 * clock.
 */
function synthesisScript(
  image: CoreImage,
  sources: readonly SourceFile[],
  { name: file, module }: Top,
): SourceFile {
  const slices = image.banks.flatMap(({ name, usedWords }, index) => {
    if (usedWords === 0) return [];
    const widest = 2 ** Math.max(0, Math.floor(Math.log2(blockBits / usedWords)));
    let { bits: slice } = slicesOf(image, index);
    while (slice > widest && slice % 2 === 0) slice /= 2;
    return [`chparam -set SLICE ${slice} bank_${identifier(name)}`];
  });
  return [
    `${file}.ys`,
    [
      `# yosys ${file}.ys: a netlist of ${module} for ECP5`,
      `read_verilog -sv ${sources.map(([source]) => source).join(' ')}`,
      ...slices,
      // Without abc9 and the pass that names cells, which take far longer than all others.
      `synth_ecp5 -noabc9 -top ${module} -run :check`,
      'hierarchy -check',
      'check -assert -noinit',
      'blackbox =A:whitebox',
      `write_json ${file}.json`,
      '',
    ].join('\n'),
  ];
}

/** The commands that make the netlist, place and route it, one after the other. */
export function synthesisCommands(target: Target, clockMhz: number): readonly (readonly string[])[] {
  const { name } = isBoard(target) ? boardTop : coreTop;
  const { part, packaged } = isBoard(target) ? partOfBoard[target] : { part: target, packaged: undefined };
  // The core has more ports than the part has pins.
  const pins =
    packaged === undefined
      ? ['--out-of-context']
      : ['--package', packaged, '--lpf', `${name}.lpf`, '--textcfg', `${name}.config`];
  return [
    ['yosys', '-q', '-s', `${name}.ys`],
    [
      'nextpnr-ecp5',
      ...partOptions[part],
      ...['--json', `${name}.json`, '--report', reportFile(target), '--freq', String(clockMhz)],
      // A clock that is not met is told, and no failure.
      ...[...pins, '--timing-allow-fail', '--quiet'],
    ],
  ];
}

/** The command that makes the configuration of what has been routed. */
export const bitstreamCommand = ['ecppack', '--compress', `${boardTop.name}.config`, bitstreamFile] as const;
