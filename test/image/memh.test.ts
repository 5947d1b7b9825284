import { describe, expect, test } from 'vitest';
import { type CoreImage, imageOfCore, memoryFiles } from '../../src/image/index.ts';
import { handCore, handEngine } from '../engine/both/hand-network.ts';
import { packed } from '../support/core.ts';

/** The 3-2-2 network with these words in its banks. */
function imageWith(words: Readonly<Record<string, readonly number[]>>, wordBits = 16): CoreImage {
  const { image } = handEngine(handCore());
  return {
    ...image,
    banks: image.banks.map((bank) => ({ ...bank, wordBits })),
    contents: image.banks.map(({ name, usedWords }) =>
      packed(words[name] ?? Array(usedWords).fill(0), wordBits),
    ),
  };
}

function linesOf(image: CoreImage, name: string): string[] {
  const file = memoryFiles(imageOfCore(image)).find((candidate) => candidate.name === name);
  expect(file?.text.endsWith('\n')).toBe(true);
  return file?.text.trimEnd().split('\n') ?? [];
}

describe('files for $readmemh', () => {
  test('have a word a line, and say what lies where', () => {
    const image = imageWith({ weight: [0xec4e, 0x7f32, 0x233d, 0xe51f, 0x0075] });
    expect(linesOf(image, 'weight.memh')).toEqual([
      '// bank weight: hand on round at mp16-8, seed 1',
      '// 5 words of 16 bits, from word 0; items of a word from its lowest bits',
      '// words 0 to 2: 3 rows of 2 items in 1 word, 2 in a word, 8 bits each',
      "//   in.weight: bits 7:0 of an item, two's complement",
      '// words 3 to 4: 2 rows of 2 items in 1 word, 2 in a word, 8 bits each',
      "//   out.weight: bits 7:0 of an item, two's complement",
      'ec4e',
      '7f32',
      '233d',
      'e51f',
      '0075',
    ]);
    expect(linesOf(image, 'state.memh').filter((line) => !line.startsWith('//'))).toHaveLength(12);
    expect(linesOf(image, 'state.memh')).toEqual(
      expect.arrayContaining([
        '// words 5 to 5: 1 row of 2 items in 1 word, 16 in a word, 1 bit each',
        '//   hidden.box: bits 0:0 of an item, unsigned',
      ]),
    );
  });

  test.each([
    [20, [0xabcde, 0x00001, 0xfffff, 0x80000, 0x12345], ['abcde', '00001', 'fffff', '80000', '12345']],
    // Fifteen bits have four digits, of which the first holds three.
    [15, [0x7fff, 0x4001, 0, 1, 0x2345], ['7fff', '4001', '0000', '0001', '2345']],
    [
      33,
      [0, 0x1_0000_0001, 1, 2, 0x1_ffff_ffff],
      ['000000000', '100000001', '000000001', '000000002', '1ffffffff'],
    ],
  ])('of words of %i bits, which lie across elements', (bits, words, lines) => {
    const weight = linesOf(imageWith({ weight: words }, bits), 'weight.memh');
    expect(weight.filter((line) => !line.startsWith('//'))).toEqual(lines);
  });

  test('come with a map', () => {
    const files = memoryFiles(imageOfCore(imageWith({})));
    expect(files.map(({ name }) => name)).toEqual(['weight.memh', 'shadow.memh', 'state.memh', 'map.json']);
    const map: unknown = JSON.parse(files.at(-1)?.text ?? '');
    expect(map).toMatchObject({
      format: 'plasticore/memory-map/1',
      program: 'hand',
      hwModel: 'round',
      precision: 'mp16-8',
      seed: 1,
      banks: [
        {
          name: 'weight',
          file: 'weight.memh',
          wordBits: 16,
          words: 5,
          layouts: [
            {
              firstWord: 0,
              rows: 3,
              wordsPerRow: 1,
              itemsPerRow: 2,
              itemsPerWord: 2,
              itemBits: 8,
              fields: [
                { name: 'in.weight', items: 6, bits: 8, bitOffset: 0, signed: true, storage: 'integer' },
              ],
            },
            { firstWord: 3, fields: [{ name: 'out.weight' }] },
          ],
        },
        { name: 'shadow', words: 10 },
        { name: 'state', words: 12 },
      ],
    });
  });
});
