import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPng } from '../../src/data/formats/png.ts';
import { type LabelledSet, sampleValues } from '../../src/data/index.ts';
import { loadDataset } from '../../src/data/node.ts';
import { expectRejection, failureOf } from '../support/errors.ts';
import { type PngLines, pngFile } from '../support/png.ts';
import { scratch } from '../support/scratch.ts';

const { folder } = scratch();

function write(name: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  for (const [file, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, file)), { recursive: true });
    writeFileSync(join(folder, name, file), bytes);
  }
  return join(folder, name);
}

/** A picture of 2 x 1 pixels. */
const two = (left: number, right: number) => pngFile({ width: 2, lines: [[left, right]] });

function valuesOf(set: LabelledSet): number[][] {
  if (set.kind !== 'features') throw new Error('events');
  return Array.from({ length: set.count }, (_, sample) => [...sampleValues(set, sample)]);
}

describe('a picture becomes grey', () => {
  // 0.299 x 255 = 76.2, 0.587 x 255 = 149.7, 0.114 x 255 = 29.1.
  test.each<[string, PngLines, readonly number[]]>([
    [
      'grey',
      {
        width: 2,
        lines: [
          [0, 255],
          [7, 8],
        ],
      },
      [0, 255, 7, 8],
    ],
    ['grey of 16 bits', { width: 2, depth: 16, lines: [[0xff, 0xff, 0x80, 0x00]] }, [255, 128]],
    ['colours', { width: 3, type: 2, lines: [[255, 0, 0, 0, 255, 0, 0, 0, 255]] }, [76, 150, 29]],
    ['colours of 16 bits', { width: 1, type: 2, depth: 16, lines: [[255, 255, 0, 0, 0, 0]] }, [76]],
    ['a palette', { width: 2, type: 3, lines: [[1, 0]], palette: [255, 255, 255, 255, 0, 0] }, [76, 255]],
    ['grey with opacity', { width: 2, type: 4, lines: [[200, 255, 200, 51]] }, [200, 40]],
    ['colours with opacity', { width: 1, type: 6, lines: [[255, 255, 255, 0]] }, [0]],
    ['grey, of which one is clear', { width: 3, lines: [[200, 8, 9]], clear: [0, 200] }, [0, 8, 9]],
    [
      'colours, of which one is clear',
      { width: 3, type: 2, lines: [[255, 0, 0, 0, 0, 255, 255, 0, 1]], clear: [0, 255, 0, 0, 0, 0] },
      [0, 29, 76],
    ],
    [
      'grey of 16 bits, of which one is clear',
      { width: 2, depth: 16, lines: [[0xff, 0xff, 0xff, 0xfe]], clear: [0xff, 0xff] },
      [0, 255],
    ],
    // 51 of 255 is a fifth; a colour that the chunk leaves out is opaque.
    [
      'a palette with opacity',
      { width: 2, type: 3, lines: [[0, 1]], palette: [255, 255, 255, 100, 100, 100], clear: [51] },
      [51, 100],
    ],
  ])('%s', (_, lines, expected) => {
    const { shape, values } = readPng({ name: 'x.png', bytes: pngFile(lines) });
    expect(shape).toEqual([lines.lines.length, lines.width]);
    expect([...values]).toEqual(expected);
  });

  const whole = two(1, 2);
  const changed = Uint8Array.from(whole, (byte, index) => (index === whole.length - 20 ? byte ^ 1 : byte));
  test.each([
    ['text', new TextEncoder().encode('P2 1 1 255 0'), 'this is no PNG file'],
    ['a cut file', whole.subarray(0, -14), 'damaged PNG file: '],
    ['a changed bit', changed, 'damaged PNG file: '],
    [
      'a bit a pixel',
      pngFile({ width: 8, depth: 1, lines: [[0x55]] }),
      '1 bits a pixel found, 8 or 16 expected',
    ],
    ['no pixels', pngFile({ width: 0, lines: [] }), '0 x 0 pixels found, 1 to 2^16 expected'],
    [
      'a large one',
      pngFile({ width: 2 ** 16, lines: [[], []] }),
      '2 x 65536 pixels found, 1 to 2^16 expected',
    ],
  ])('%s is refused', (_, bytes, message) => {
    const error = failureOf(() => readPng({ name: 'x.png', bytes }));
    expect([error.code, error.file]).toEqual(['data', 'x.png']);
    expect(error.message).toContain(message);
  });

  test('a file that would unpack to gigabytes is not unpacked', () => {
    const bytes = pngFile({ width: 1, lines: [Array.from({ length: 6 }, () => 0)] });
    const padded = new Uint8Array(2 ** 19 + 1);
    padded.set(bytes);
    expect(failureOf(() => readPng({ name: 'x.png', bytes: padded })).message).toContain('at most 524288');
  });
});

describe('pictures in a folder for each class', () => {
  test('classes in the order of their names; a fifth is for testing, as of a table', async () => {
    const pictures = Object.fromEntries(
      Array.from({ length: 10 }, (_, at) => [`${at % 2 === 0 ? 'no' : 'yes'}/${at}.png`, two(at, 200)]),
    );
    const path = write('small', {
      ...pictures,
      'yes/.DS_Store': 'x',
      'readme.txt': 'x',
      'no/notes.txt': 'x',
    });
    const { train, test: tested, description, corrections, classNames } = await loadDataset(path);
    expect([train.count, tested.count, train.inputs, train.classes]).toEqual([8, 2, 2, 2]);
    for (const set of [train, tested])
      for (const [sample, [left = 0, right]] of valuesOf(set).entries())
        expect([set.labels[sample], right]).toEqual([left % 2, 200]);
    expect(classNames).toEqual(['no', 'yes']);
    expect(description).toBe(
      'pictures of 1 x 2 pixels, classes 0 no, 1 yes: 8 for training and 2 for testing, a fixed stratified split',
    );
    expect(corrections).toEqual([`1 other file left out, such as ${join(path, 'no/notes.txt')}`]);
  });

  test('below train and test, files in the order of their names', async () => {
    const path = write('parts', {
      'Train/10/b.png': two(3, 4),
      'Train/9/b.png': two(1, 2),
      'Train/9/a.PNG': two(5, 6),
      'test/10/x.png': two(7, 8),
    });
    const { train, test: tested, description } = await loadDataset(path);
    expect(valuesOf(train)).toEqual([
      [5, 6],
      [1, 2],
      [3, 4],
    ]);
    expect([[...train.labels], valuesOf(tested), [...tested.labels]]).toEqual([[0, 0, 1], [[7, 8]], [1]]);
    expect(description).toBe('pictures of 1 x 2 pixels, classes 0 9, 1 10: 3 for training and 1 for testing');
  });

  test('two folders called train and test are parts, and so is one with folders in it', async () => {
    const parts = write('flat', { 'train/1.png': two(1, 2), 'test/1.png': two(1, 2) });
    await expect(loadDataset(parts)).rejects.toThrow('holds no folders of classes');
    const stray = { 'train/a/1.png': two(1, 2), 'test/a/1.png': two(3, 4), 'train/overview.png': two(1, 2) };
    const { train, test: tested } = await loadDataset(write('stray', { ...stray, 'other/b.png': two(5, 6) }));
    expect([valuesOf(train), valuesOf(tested)]).toEqual([[[1, 2]], [[3, 4]]]);
  });

  test('a class may be called train or test: its pictures are in it, those of a part in folders', async () => {
    const vehicles = ['bus', 'test', 'train'].flatMap((name) => [0, 1].map((at) => `${name}/${at}.png`));
    const path = write('vehicles', Object.fromEntries(vehicles.map((file) => [file, two(1, 2)])));
    const { train, test: tested, classNames } = await loadDataset(path);
    expect([classNames, train.count + tested.count]).toEqual([['bus', 'test', 'train'], 6]);
    // Whatever is for testing, each sample names its file.
    expect([...(train.origins ?? []), ...(tested.origins ?? [])].sort()).toEqual(vehicles);
    for (const set of [train, tested])
      set.origins?.forEach((file, sample) => {
        expect(classNames?.[set.labels[sample] ?? -1]).toBe(dirname(file));
      });
  });

  test('classes that are called by their numbers need no names', async () => {
    const path = write(
      'numbers',
      Object.fromEntries(
        [0, 1].flatMap((label) => [0, 1, 2].map((at) => [`${label}/${at}.png`, two(at, label)])),
      ),
    );
    const { description, classNames } = await loadDataset(path);
    expect(description).toContain('pictures of 1 x 2 pixels, 2 classes: 5 for training');
    expect(classNames).toBeUndefined();
  });

  test.each<[string, Readonly<Record<string, Uint8Array | string>>, string, string]>([
    [
      'another size',
      { 'a/1.png': two(1, 2), 'b/2.png': pngFile({ width: 1, lines: [[1]] }) },
      '/b/2.png',
      '1 x 1 pixels found, 1 x 2 expected, as',
    ],
    [
      'a damaged file',
      { 'a/1.png': two(1, 2), 'b/2.png': two(1, 2).subarray(0, 40) },
      '/b/2.png',
      'damaged PNG file',
    ],
    ['a class without files', { 'a/1.png': two(1, 2), 'b/.keep': '' }, '/b', 'holds no samples'],
    [
      'pictures of another kind',
      { 'a/1.png': two(1, 2), 'a/2.JPG': 'x' },
      '/a/2.JPG',
      'PNG files alone are read',
    ],
    [
      'recordings beside pictures',
      { 'a/1.png': two(1, 2), 'b/1.bin': '' },
      '/b/1.bin',
      'is a recording of a camera, and',
    ],
    ['no classes', { '1.png': two(1, 2) }, '', 'holds no folders of classes'],
    ['too few', { 'a/1.png': two(1, 2) }, '', '1 samples are too few to split off a test set'],
  ])('%s: one error with the path', async (name, files, file, message) => {
    const path = write(`refused ${name}`, files);
    await expectRejection(loadDataset(path), 'data', message);
    await expect(loadDataset(path)).rejects.toMatchObject({ file: `${path}${file}` });
  });

  test('a table of labels beside pictures: they stand in a folder for each class', async () => {
    const path = write('a table', { 'labels.csv': 'file,label\n1.png,0\n', '1.png': two(1, 2) });
    await expect(loadDataset(path)).rejects.toMatchObject({
      hint: 'found: labels.csv; PNG files stand in a folder for each class',
    });
  });

  test('a picture beside the files of MNIST is none of their samples', async () => {
    const path = write('idx', { 'plot.png': two(1, 2), 't10k-labels-idx1-ubyte': '' });
    await expect(loadDataset(path)).rejects.toThrow(/train-images/);
  });

  test('an empty folder says what would be data', async () => {
    mkdirSync(join(folder, 'empty'));
    await expectRejection(loadDataset(join(folder, 'empty')), 'file', 'this folder is empty');
  });

  test('a class called like markup, a command or a path is a text in one line', async () => {
    const names = ['<script>x<', '$(touch stolen)', '..x', 'a\nb', '"; $fopen("stolen"); //', '`x`', "x'y"];
    const path = write('hostile', Object.fromEntries(names.map((name) => [`${name}/1.png`, two(1, 2)])));
    const { description, classNames } = await loadDataset(path);
    expect(classNames).toHaveLength(names.length - 1);
    expect(description).not.toMatch(/[\p{Cc}\u2028]/u);
  });
});
