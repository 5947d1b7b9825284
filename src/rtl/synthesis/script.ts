import type { CoreImage } from '../../image/index.ts';
import { slicesOf } from '../emit/bank-modules.ts';
import type { SourceFile } from '../emit/core-text.ts';
import { identifier } from '../emit/text.ts';
import { blockBits, type PartName, partOptions } from './parts.ts';

const script = 'ecp5.ys';
const netlist = 'ecp5.json';

/** What nextpnr reports of a part. */
export const reportFile = (part: PartName): string => `${part}.report.json`;

/**
 * The script with which yosys makes a netlist of the core.
 *
 * A bank becomes memories side by side, each as wide as one block of the part is at the bank's depth. A bank that is
 * deeper than a block at its narrowest has a memory for each bit: no multiplexer behind blocks, which would set the
 * clock.
 */
export function synthesisScript(image: CoreImage, sources: readonly SourceFile[]): SourceFile {
  const slices = image.banks.flatMap(({ name, usedWords }, index) => {
    if (usedWords === 0) return [];
    const widest = 2 ** Math.max(0, Math.floor(Math.log2(blockBits / usedWords)));
    let { bits: slice } = slicesOf(image, index);
    while (slice > widest && slice % 2 === 0) slice /= 2;
    return [`chparam -set SLICE ${slice} bank_${identifier(name)}`];
  });
  return [
    script,
    [
      `# yosys ${script}: a netlist of the core for ECP5`,
      `read_verilog -sv ${sources.map(([file]) => file).join(' ')}`,
      ...slices,
      // Without abc9 and the pass that names cells, which take far longer than all others.
      'synth_ecp5 -noabc9 -top plasticore_core -run :check',
      'hierarchy -check',
      'check -assert -noinit',
      'blackbox =A:whitebox',
      `write_json ${netlist}`,
      '',
    ].join('\n'),
  ];
}

/** The commands that make the netlist, place and route it, one after the other. */
export function synthesisCommands(part: PartName, clockMhz: number): readonly (readonly string[])[] {
  return [
    ['yosys', '-q', '-s', script],
    [
      'nextpnr-ecp5',
      ...partOptions[part],
      ...['--json', netlist, '--report', reportFile(part), '--freq', String(clockMhz)],
      // The core has more ports than the part has pins. A clock that is not met is told, and no failure.
      ...['--out-of-context', '--timing-allow-fail', '--quiet'],
    ],
  ];
}
