import type { HwModel } from '../../hardware/index.ts';
import { type CoreShape, mostBanks } from '../../microcode/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import type { SourceFile } from '../emit/text.ts';
import { allBanksText, headerText, hostBits, topText } from './texts.ts';

/** The texts of `templates/rtl/micro`, which are the same for all cores. */
const microTemplates = [
  'core.sv',
  'lane.sv',
  'port.sv',
  'sum.sv',
  'walker.sv',
  'bank.sv',
  'bench.sv',
  'Makefile',
] as const;
export type MicroTemplates = Readonly<Record<(typeof microTemplates)[number], string>>;

/** Those that are no modules of the core, and have their own names. */
const kept: ReadonlySet<string> = new Set(['bench.sv', 'Makefile']);

const mostWords = 2 ** 16;

/**
 * The files of a programmable core. They depend on an hw-model alone: no program changes a byte of them.
 *
 * @throws PlasticoreError `fit` for an hw-model whose core is not written
 */
export function programmedFiles(hw: HwModel, templates: MicroTemplates): SourceFile[] {
  const shape = shapeOf(hw);
  return [
    ['plasticore_core.sv', topText(shape)],
    ['micro_banks.sv', allBanksText(shape)],
    ['micro.svh', headerText()],
    ['bench_micro.svh', `localparam LANES = ${shape.lanes};\nlocalparam HOST_BITS = ${hostBits(shape)};\n`],
    ...microTemplates.map((name): SourceFile => [kept.has(name) ? name : `micro_${name}`, templates[name]]),
  ];
}

function shapeOf(hw: HwModel): CoreShape {
  const refuse = (what: string, hint: string): never => {
    throw new PlasticoreError('fit', `${hw.name}: ${what}`, { hint });
  };
  const { lanes, banks } = hw;
  if (Math.log2(lanes) % 1 !== 0 || lanes < 4 || lanes > 64)
    refuse(`has ${lanes} lanes; a programmable core has 4, 8, 16, 32 or 64`, 'change hw.lanes');
  if (hw.arithmetic !== 'integer') refuse('computes with floats', 'choose an hw-model of integers');
  if (banks.length > mostBanks)
    refuse(`has ${banks.length} banks; at most ${mostBanks} are read at a time`, 'leave some out');
  return {
    lanes,
    banks: banks.map(({ name, wordBits, capacityBits, ports, bitMask }) => {
      const words = Math.floor(capacityBits / wordBits);
      if ('shared' in ports || ports.read !== 1 || ports.write !== 1)
        refuse(
          `bank '${name}' has other ports than one that reads and one that writes`,
          `change hw.banks.${name}.ports`,
        );
      if (!bitMask) refuse(`bank '${name}' has no bit mask`, `set hw.banks.${name}.bitMask=true`);
      if (Math.log2(wordBits) % 1 !== 0 || wordBits < lanes)
        refuse(
          `words of bank '${name}' have ${wordBits} bits; expected a power of two, at least ${lanes}`,
          `change hw.banks.${name}.wordBits`,
        );
      if (words > mostWords)
        refuse(
          `bank '${name}' has ${words} words; at most ${mostWords} are addressed`,
          `change hw.banks.${name}`,
        );
      return { name, wordBits, words };
    }),
  };
}
