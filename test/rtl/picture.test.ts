import { describe, expect, test } from 'vitest';
import { corePicture } from '../../scripts/core-picture.ts';

/** Texts of a picture, and where they are: a letter takes six tenths of the size of the font. */
function textsOf(svg: string) {
  return [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"([^>]*)>([^<]*)<\/text>/g)].map(
    ([, x, y, more = '', text = '']) => {
      const size = Number(/font-size="(\d+)"/.exec(more)?.[1] ?? 11);
      const width = text.length * 0.61 * size;
      const anchor = /text-anchor="(\w+)"/.exec(more)?.[1];
      const left = Number(x) - (anchor === 'middle' ? width / 2 : anchor === 'end' ? width : 0);
      return { text, left, right: left + width, top: Number(y) - 0.8 * size, bottom: Number(y) + 0.2 * size };
    },
  );
}

describe.each(['mnist-snn', 'mnist-stdp', 'mnist-mlp'])('the picture of the core of %s', (name) => {
  const texts = textsOf(corePicture(name));

  test('has no text on another one', () => {
    const pairs = texts.flatMap((a, index) => texts.slice(index + 1).map((b) => [a, b] as const));
    const over = pairs.filter(
      ([a, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom,
    );
    expect(texts.length).toBeGreaterThan(30);
    expect(over.map(([a, b]) => [a.text, b.text])).toEqual([]);
  });

  test('has all of its text on the page', () => {
    expect(texts.filter(({ left, right }) => left < 0 || right > 1080)).toEqual([]);
  });
});

test('the picture of mnist-snn has the widths that its shape asks for', () => {
  const said = textsOf(corePicture('mnist-snn')).map(({ text }) => text);
  // 784 inputs are 49 tiles of 16 lanes, which open rows, and 256 hidden neurons are 16, which open columns: 6 bits
  // name a tile, 10 bits a neuron. Weights are 784 x 16 + 256 x 1 words.
  expect(said).toEqual(
    expect.arrayContaining([
      '16 tiles and 49 rows,',
      'tile 6 + lanes 16 bits',
      'neuron 10 bits',
      '16 x 32 bits',
      '12 800 words',
      'of 128 bits',
    ]),
  );
});
