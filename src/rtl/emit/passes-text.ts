import { at } from '../../arrays/index.ts';
import { type CoreImage, countOfPass } from '../../image/index.ts';
import type { Step } from '../plan/core-plan.ts';
import { allSteps, type CoreContext } from './context.ts';
import { ringOf } from './delay-text.ts';
import { indexBits, literal, vector } from './text.ts';

/** Steps of a list that pass over words of fields: clears, tests, and spikes that are kept for later. */
export function passesText(context: CoreContext): string[] {
  const { image, stepBits, hostAddressBits } = context;
  const steps = allSteps(context);
  const is = (kind: Step['action']['does']): string =>
    steps
      .filter(({ step }) => step.action.does === kind)
      .map(({ step }) => `pc == ${literal(step.number, stepBits)}`)
      .join(' | ') || "1'b0";
  const bankBits = indexBits(Math.max(2, image.banks.length));
  const widest = Math.max(...image.banks.map(({ wordBits }) => wordBits));
  const passes = steps.flatMap(({ step }) => {
    const { action, number } = step;
    if (action.does !== 'clear' && action.does !== 'keep') return [];
    const ranges =
      action.does === 'clear' ? clearedRanges(image, action.fields) : keptRanges(image, action.delayed);
    const ends = ranges.map((_, index) =>
      ranges.slice(0, index + 1).reduce((sum, { words }) => sum + words, 0),
    );
    const words = ends.at(-1) ?? 0;
    if (words !== countOfPass(image, action).tiles) throw new Error('a pass over other words than it counts');
    return [
      `    ${literal(number, stepBits)}: begin`,
      `      pass_words = 32'd${words};`,
      ...ranges.map(({ bank, address, mask, data, words: own }, index) => {
        const to = ends[index] ?? 0;
        const offset = `(count - 32'd${to - own})`;
        const written =
          mask === undefined
            ? "pass_reads = 1'b1;"
            : `pass_mask = ${widest}'h${mask.toString(16)};${data === undefined ? '' : ` pass_data = ${widest}'(${data(offset)});`}`;
        return `      ${index === 0 ? '' : 'else '}if (count < 32'd${to}) begin pass_bank = ${literal(bank, bankBits)}; pass_address = ${hostAddressBits}'(${address(offset)}); ${written} end`;
      }),
      '    end',
    ];
  });
  return [
    `wire op_clears = ${is('clear')} | ${is('keep')};`,
    `wire op_tests = ${is('stop-unless-any')};`,
    `reg [31:0] pass_words;`,
    `reg ${vector(bankBits)} pass_bank;`,
    `reg ${vector(hostAddressBits)} pass_address;`,
    `reg ${vector(widest)} pass_mask, pass_data;`,
    'reg pass_reads;',
    'always_comb begin',
    "  pass_words = 32'd1;",
    `  pass_bank = ${literal(0, bankBits)};`,
    `  pass_address = ${literal(0, hostAddressBits)};`,
    `  pass_mask = ${literal(0n, widest)}; pass_data = ${literal(0n, widest)}; pass_reads = 1'b0;`,
    '  case (pc)',
    ...passes,
    '    default: ;',
    '  endcase',
    'end',
  ];
}

/** Words that an action of a list passes over, one a cycle: they are written where the mask is set, or read. */
interface PassedWords {
  readonly bank: number;
  readonly words: number;
  /** Address and contents of a word, from its number in the range; without contents, zero is written. */
  readonly address: (word: string) => string;
  readonly data?: (word: string) => string;
  /** The bits that are written; undefined for words that are read. */
  readonly mask?: bigint;
}

function maskOf(image: CoreImage, index: number): bigint {
  const { layout = -1, bits, bitOffset, perWord } = at(image.fields, index);
  const { itemsPerWord, itemBits } = at(image.layouts, layout);
  let mask = 0n;
  for (let item = 0; item < (perWord ? 1 : itemsPerWord); item++)
    mask |= ((1n << BigInt(bits)) - 1n) << BigInt(item * itemBits + bitOffset);
  return mask;
}

function clearedRanges(image: CoreImage, fields: readonly number[]): PassedWords[] {
  const masks = new Map<number, bigint>();
  for (const index of fields) {
    const { layout = -1 } = at(image.fields, index);
    masks.set(layout, (masks.get(layout) ?? 0n) | maskOf(image, index));
  }
  return [...masks].map(([layout, mask]) => {
    const { bank, firstWord, rows, wordsPerRow } = at(image.layouts, layout);
    return { bank, words: rows * wordsPerRow, mask, address: (word) => `${word} + 32'd${firstWord}` };
  });
}

/** A ring writes the row of this step, and reads those whose delays end in the next one. */
function keptRanges(image: CoreImage, delayed: number): PassedWords[] {
  const { layout, field, lists, rows, items, valueBits } = ringOf(image, delayed);
  const { bank, firstWord, wordsPerRow, itemsPerWord, itemBits } = layout;
  const row = `32'(ring_${delayed}_row)`;
  const address = (of: string) => (word: string) => `${of} * 32'd${wordsPerRow} + ${word} + 32'd${firstWord}`;
  // Items of the ring, spread over words as its layout has them.
  const bits = 1 + valueBits;
  const contents = Array.from({ length: wordsPerRow }, (_, word) =>
    Array.from(
      { length: Math.min(itemsPerWord, items - word * itemsPerWord) },
      (_, item) => `ring_${delayed}_kept[${(word * itemsPerWord + item) * bits} +: ${bits}]`,
    ),
  );
  const { wordBits } = at(image.banks, bank);
  const packed = contents.map((kept) =>
    kept.map((text, item) => `(${wordBits}'(${text}) << ${item * itemBits + field.bitOffset})`).join(' | '),
  );
  const data = (word: string): string =>
    packed
      .slice(0, -1)
      .reduceRight(
        (others, text, index) => `${word} == 32'd${index} ? ${text} : ${others}`,
        packed.at(-1) ?? '',
      );
  return [
    {
      bank,
      words: wordsPerRow,
      mask: maskOf(image, at(image.events.delayed, delayed).field),
      address: address(row),
      data,
    },
    ...lists.map(({ delay }) => {
      // The row of the next step less the delay.
      const back = (1 + rows - delay) % rows;
      const due = back === 0 ? row : `((${row} + 32'd${back}) % 32'd${rows})`;
      return { bank, words: wordsPerRow, address: address(due) };
    }),
  ];
}
