import { type CoreImage, hexWord } from '../../image/index.ts';
import { changedWords, microcodeOf, microcodeUnit, microcodeWordsOf } from '../../microcode/index.ts';
import { seedLanes } from '../../random/index.ts';
import { at } from '../../text/index.ts';
import { type BenchSample, replayWords, stimulusText } from './bench.ts';

/**
 * The stimulus of the bench of a programmable core: it loads the program, then presents samples; where an interval of
 * the schedule of parameters begins, it loads what changes.
 *
 * @throws PlasticoreError `fit` with what the core lacks
 */
export function loadedStimulus(
  image: CoreImage,
  samples: readonly BenchSample[],
  states: (sample: number) => boolean,
  unit = microcodeUnit,
): string {
  let loaded: bigint[][] = [];
  const texts = samples.map((sample, index) => {
    const words = microcodeWordsOf(microcodeOf(image, unit, sample.interval));
    const changed = changedWords(loaded, words).map((memory) =>
      memory.map(([address, word]) => [address, word.toString(16)] as const),
    );
    loaded = words;
    const lines = changed.flatMap((memory, number) => writeLines(image.banks.length + 1 + number, memory));
    return `${lines.join('')}${stimulusText(image, [sample], () => states(index))}`;
  });
  return `${[...contentLines(image), ...carriedLines(image), ...replayLines(image)].join('')}${texts.join('')}`;
}

/** A line that says which words ask for a sample again. */
function replayLines(image: CoreImage): string[] {
  const replay = replayWords(image);
  if (replay === undefined) return [];
  const { bank, firstWord, words, masks } = replay;
  const hex = masks.map((mask) => mask.toString(16));
  return [`10 ${bank} ${firstWord} ${words} ${masks.length} ${hex.join(' ')}\n`];
}

/** Lines that say where the addresses of spikes have the values that they carry. */
function carriedLines({ populations, input }: CoreImage): string[] {
  return populations.flatMap(({ payload }, population) => {
    if (payload === undefined) return [];
    const { bits, signed, shift } = payload;
    return [`9 ${population} ${bits} ${Number(signed)} ${shift} ${Number(population === input)}\n`];
  });
}

/** Lines that write words of a memory. */
function writeLines(memory: number, words: readonly (readonly [address: number, bits: string])[]): string[] {
  if (words.length === 0) return [];
  const all = words.map(([address, bits]) => `${memory} ${address} ${bits}`);
  return [`6 ${words.length} ${all.join(' ')}\n`];
}

/** Lines that write banks and generators, and say how many words of each bank the program has. */
function contentLines({ banks, contents, core, seed }: CoreImage): string[] {
  const ofBanks = banks.flatMap(({ usedWords, wordBits }, bank) => [
    `8 ${bank} ${usedWords}\n`,
    ...writeLines(
      bank,
      Array.from({ length: usedWords }, (_, word) => [
        word,
        hexWord(at(contents, bank), word * wordBits, wordBits),
      ]),
    ),
  ]);
  const generators = [...seedLanes(seed, core.lanes)].map(
    (state, lane) => [lane, state.toString(16)] as const,
  );
  return [...ofBanks, ...writeLines(banks.length, generators)];
}
