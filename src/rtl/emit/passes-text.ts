import { at } from '../../arrays/index.ts';
import type { CoreImage } from '../../image/index.ts';
import type { Step } from '../plan/core-plan.ts';
import { passWords } from '../plan/pass-words.ts';
import { writtenBack } from '../plan/whole-words.ts';
import { allSteps, type CoreContext } from './context.ts';
import { ringOf } from './delay-text.ts';
import { indexBits, literal, vector } from './text.ts';

/** Steps of a list that pass over words of fields: clears, tests, and spikes that are kept for later. */
export function passesText(context: CoreContext): string[] {
  const { image, stepBits, hostAddressBits } = context;
  const steps = allSteps(context);
  const bankBits = indexBits(Math.max(2, image.banks.length));
  const widest = widestWord(image);
  const passes = steps.flatMap(({ step }): Pass[] => {
    const { number } = step;
    const ranges = rangesOf(image, step);
    if (ranges.length === 0) return [];
    const words = ranges.reduce((sum, range) => sum + range.words, 0);
    if (words !== passWords(image, step)) throw new Error('a pass over other words than it counts');
    return [{ number: literal(number, stepBits), ranges }];
  });
  const merges = mergedBanks(context).size > 0;
  /** A case for each pass, with what a word of a range does: the number of the word is that of `counter`. */
  const cases = (counter: string, of: (range: PassedWords, word: string) => string): string[] =>
    passes.flatMap(({ number, ranges }) => [
      `    ${number}: begin`,
      ...rangeTexts(ranges, counter, of),
      '    end',
    ]);
  const place = ({ bank, address }: PassedWords, word: string): string =>
    `pass_bank <= ${literal(bank, bankBits)}; pass_address <= ${hostAddressBits}'(${address(word)});`;
  return [
    // The word of the next cycle is told a cycle ahead, so that no address waits for the step and its count.
    ...(passes.length === 0 ? [] : ["wire [31:0] ahead = state == CLEAR ? 32'(count) + 32'd1 : 32'd0;"]),
    `reg ${vector(bankBits)} pass_bank;`,
    `reg ${vector(hostAddressBits)} pass_address;`,
    `reg ${vector(widest)} pass_mask, pass_data;`,
    'reg pass_reads;',
    "wire unused_pass = &{1'b0, pass_bank, pass_address, pass_mask, pass_data, pass_reads};",
    ...(merges ? ['reg pass_merges;'] : []),
    'always @(posedge clk) begin',
    `  pass_bank <= ${literal(0, bankBits)};`,
    `  pass_address <= ${literal(0, hostAddressBits)};`,
    `  pass_mask <= ${literal(0n, widest)}; pass_data <= ${literal(0n, widest)}; pass_reads <= 1'b0;${merges ? " pass_merges <= 1'b0;" : ''}`,
    '  if (state == START | state == CLEAR) case (pc)',
    ...cases('ahead', (range, word) => {
      const { mask, data, isMerged } = range;
      if (mask === undefined) return `${place(range, word)} pass_reads <= 1'b1;`;
      const written = data === undefined ? '' : ` pass_data <= ${data(word)};`;
      const merges = isMerged === true ? " pass_merges <= 1'b1;" : '';
      return `${place(range, word)} pass_mask <= ${widest}'h${mask.toString(16)};${written}${merges}`;
    }),
    '    default: ;',
    '  endcase',
    'end',
    ...aheadText(context, passes),
  ];
}

/** The words that a step passes over. */
function rangesOf(image: CoreImage, { action }: Step): PassedWords[] {
  if (action.does === 'clear') return clearedRanges(image, action.fields);
  return action.does === 'keep' ? keptRanges(image, action.delayed) : [];
}

/** The banks whose words passes read, and those whose words they write. */
export function passedBanks(context: CoreContext): Record<'read' | 'written', ReadonlySet<number>> {
  const ranges = allSteps(context).flatMap(({ step }) => rangesOf(context.image, step));
  const banks = (isRead: boolean) =>
    new Set(ranges.flatMap(({ bank, mask }) => ((mask === undefined) === isRead ? [bank] : [])));
  return { read: banks(true), written: banks(false) };
}

/** A step of a list that passes over words. */
interface Pass {
  /** Its number, as the core counts steps. */
  readonly number: string;
  readonly ranges: readonly PassedWords[];
}

/** The new value of a counter's word, a line for each range. */
function rangeTexts(
  ranges: readonly PassedWords[],
  counter: string,
  of: (range: PassedWords, word: string) => string,
): string[] {
  let from = 0;
  return ranges.map((range, index) => {
    const word = `(${counter} - 32'd${from})`;
    from += range.words;
    return `      ${index === 0 ? '' : 'else '}if (${counter} < 32'd${from}) begin ${of(range, word)} end`;
  });
}

/**
 * The word that is cleared in the next cycle is read, if its bank has no bit mask and other fields share it: what is
 * theirs is written back.
 */
function aheadText(
  { plan, hostAddressBits, image, counters }: CoreContext,
  passes: readonly Pass[],
): string[] {
  const merging = passes.filter(({ ranges }) => ranges.some(({ isMerged }) => isMerged));
  if (merging.length === 0) return [];
  const bankBits = indexBits(Math.max(2, image.banks.length));
  const { kernelCycles } = plan.hw.overheads;
  return [
    '// words without a bit mask that are cleared in part are read a cycle ahead',
    `wire ahead_now = state == CLEAR | (state == START & count == ${literal(kernelCycles - 1, counters.cycle)});`,
    'reg ahead_reads;',
    `reg ${vector(bankBits)} ahead_bank;`,
    `reg ${vector(hostAddressBits)} ahead_address;`,
    "wire unused_ahead = &{1'b0, ahead_address};",
    'always_comb begin',
    `  ahead_reads = 1'b0; ahead_bank = ${literal(0, bankBits)}; ahead_address = ${literal(0, hostAddressBits)};`,
    '  case (pc)',
    ...merging.flatMap(({ number, ranges }) => [
      `    ${number}: begin`,
      ...rangeTexts(ranges, 'ahead', ({ isMerged, bank, address }, word) =>
        isMerged
          ? `ahead_reads = ahead_now; ahead_bank = ${literal(bank, bankBits)}; ahead_address = ${hostAddressBits}'(${address(word)});`
          : '',
      ),
      '    end',
    ]),
    '    default: ;',
    '  endcase',
    'end',
  ];
}

/** The banks whose words are read before they are cleared in part. */
export function mergedBanks(context: CoreContext): ReadonlySet<number> {
  const { image } = context;
  const ranges = allSteps(context).flatMap(({ step: { action } }) =>
    action.does === 'clear' ? clearedRanges(image, action.fields) : [],
  );
  return new Set(ranges.flatMap(({ bank, isMerged }) => (isMerged ? [bank] : [])));
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
  /** Whether the other bits are written back, as they have been read. */
  readonly isMerged?: boolean;
}

function widestWord({ banks }: CoreImage): number {
  return Math.max(...banks.map(({ wordBits }) => wordBits));
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
    return {
      bank,
      words: rows * wordsPerRow,
      mask,
      isMerged: writtenBack(image, layout, fields) !== undefined,
      address: (word) => `${word} + 32'd${firstWord}`,
    };
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
  const widest = widestWord(image);
  const packed = contents.map((kept) =>
    kept.map((text, item) => `(${widest}'(${text}) << ${item * itemBits + field.bitOffset})`).join(' | '),
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
