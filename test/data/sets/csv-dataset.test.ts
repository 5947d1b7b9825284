import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type LabelledSet, sampleValues } from '../../../src/data/index.ts';
import { inspectData, loadDataset } from '../../../src/data/node.ts';
import { expectRejection } from '../../support/errors.ts';
import { scratch } from '../../support/scratch.ts';

const { path } = scratch();

function file(name: string, ...lines: readonly string[]): string {
  writeFileSync(path(name), `${lines.join('\n')}\n`);
  return path(name);
}

/** The features of a sample. */
function valuesOf(set: LabelledSet, sample: number): number[] {
  if (set.kind !== 'features') throw new Error('events');
  return [...sampleValues(set, sample)];
}

test('whole numbers are features as they are; the column of labels stands anywhere', async () => {
  const rows = Array.from({ length: 10 }, (_, row) => `${row},${row % 2},${255 - row}`);
  const { train, test: tested } = await loadDataset(file('ten.csv', 'a,Label,b', ...rows));
  expect([train.count, tested.count, train.inputs, train.classes]).toEqual([8, 2, 2, 2]);
  for (const set of [train, tested])
    for (let sample = 0; sample < set.count; sample++) {
      const [a = 0, b] = valuesOf(set, sample);
      expect([b, set.labels[sample]]).toEqual([255 - a, a % 2]);
    }
});

test('numbers with a point are shares of 255; words are classes by the alphabet; two files are a split', async () => {
  mkdirSync(path('pair'));
  file('pair/my-train.csv', 'x,"species"', '0.5,"virginica"', '1,setosa', '0.0,setosa');
  file('pair/my-test.csv', 'x,species', '0.1,virginica');
  const hint = "and that of labels 'label'";
  await expectRejection(loadDataset(path('pair')), 'data', 'expected names of columns', hint);
  file('pair/my-train.csv', 'x,"class"', '0.5,"virginica"', '1,setosa', '0.0,setosa');
  file('pair/my-test.csv', 'x,class', '0.1,virginica');
  const { train, test: tested, description } = await loadDataset(path('pair'));
  // round(255 x)
  expect([0, 1, 2].map((sample) => valuesOf(train, sample))).toEqual([[128], [255], [0]]);
  expect([[...train.labels], [...tested.labels]]).toEqual([[1, 0, 0], [1]]);
  expect(valuesOf(tested, 0)).toEqual([26]);
  expect(description).toContain("labels from column 'class', classes 0 setosa, 1 virginica");
});

test('a sample names its line of the file', async () => {
  const rows = Array.from({ length: 10 }, (_, row) => `${row},0`);
  // An empty line is none of them, and a name in quotes may have two lines.
  const { train, test: tested } = await loadDataset(
    file('lines.csv', '"a\nb",label', ...rows.slice(0, 3), '', ...rows.slice(3)),
  );
  for (const set of [train, tested])
    for (let sample = 0; sample < set.count; sample++) {
      const [row = 0] = valuesOf(set, sample);
      expect(set.origins?.[sample]).toBe(`lines.csv:${row < 3 ? row + 3 : row + 4}`);
    }
});

test('data check says what it understood', async () => {
  const rows = Array.from({ length: 10 }, (_, row) => `${row % 2},${row}`);
  const { inspection: found } = await inspectData(file('checked.csv', 'y,p0', ...rows));
  expect(found.description).toContain("8 for training and 2 for testing; labels from column 'y'");
});

test.each([
  ['no names', ['1,2', '0,3'], ':1: expected names of columns, one of them label'],
  ['a word among features', ['label,p0', '0,1', '1,x'], ":3: column 'p0': expected a number, found 'x'"],
  ['a hole', ['label,p0', '0,'], ":2: column 'p0': expected a number, found ''"],
  ['no label', ['label,p0', ',1'], ":2: column 'label': expected a label, found nothing"],
  ['a short row', ['label,p0', '0,1', '1'], ':3: Invalid Record Length'],
  ['a hole below an empty line', ['label,p0', '', '0,'], ":3: column 'p0': expected a number, found ''"],
  ['no samples', ['label,p0'], 'it holds no samples'],
  [
    'other numbers',
    ['p0,label,p1', '1,0,2', '1,0,300'],
    ":3: column 'p1': expected a number from 0 to 255, found 300",
  ],
  ['no share', ['label,p0', '0,0.5', '1,2'], ":3: column 'p0': expected a number from 0 to 1, found 2"],
  [
    'two lines in a cell',
    ['label,p0', '0,"1', '"', '1,"2', 'x"'],
    ":4: column 'p0': expected a number, found '2\\nx'",
  ],
])('%s: refused, with the line', async (name, lines, message) => {
  await expectRejection(loadDataset(file(`${name.replaceAll(' ', '-')}.csv`, ...lines)), 'data', message);
});
