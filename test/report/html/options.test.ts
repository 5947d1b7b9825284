import { describe, expect, test } from 'vitest';
import { designFigures } from '../../../src/report/html/designs.ts';
import { curveChart } from '../../../src/report/html/options/curves.ts';
import { confusionChart } from '../../../src/report/html/options/heat.ts';
import { fittingLabels } from '../../../src/report/html/options/labels.ts';
import { drawnParts, namesOfParts, stackChart } from '../../../src/report/html/options/stacks.ts';
import { pairOf } from '../../../src/report/html/pair.ts';
import { confusionOf } from '../../../src/report/html/sections/confusion.ts';
import { partsOf } from '../../../src/report/html/sections/energy.ts';
import { kernelFigures } from '../../../src/report/html/sections/kernels.ts';
import { curvesOf } from '../../../src/report/html/sections/learning.ts';
import { makeStudy } from '../../../src/report/html/study.ts';
import { spaceOfRuns } from '../../../src/report/html/study-space.ts';
import { handMadeRun, predictionsFile } from './hand-made.ts';

const runs = [
  handMadeRun(
    { seed: 1, accuracy: 0.5, energyPj: 1000, history: [{ accuracy: 0.25 }, { accuracy: 0.5 }] },
    { predictions: predictionsFile },
  ),
  handMadeRun(
    { seed: 2, accuracy: 0.75, energyPj: 3000, history: [{ accuracy: 0.75 }, { accuracy: 1 }] },
    { predictions: predictionsFile },
  ),
  handMadeRun({ precision: 'fp32', accuracy: 0.9, energyPj: 8000, history: [] }),
];
const { designs } = makeStudy(runs);
const seriesOf = ({ option }: { option: { series?: unknown } }) => option.series as Record<string, unknown>[];

test('an axis of figures that are never negative does not begin below zero', () => {
  const space = spaceOfRuns(makeStudy([handMadeRun(), handMadeRun({ precision: 'mp8-4' })]));
  const [accuracy, energy] = ['accuracy', 'energyPj'].map(
    (key) => designFigures.find((known) => known.key === key) ?? expect.fail(key),
  );
  if (accuracy === undefined || energy === undefined) return;
  // A margin of 8 % of the range would begin at 10 - 0.08 x 250.
  const near = space.points.map((point, at) => ({
    ...point,
    figures: { ...point.figures, energyPj: 10 + 250 * at },
  }));
  const { option } = pairOf(space, near, [energy, accuracy]).chart;
  expect(option.xAxis).toMatchObject({ type: 'value', min: 0 });
});

describe('a picture of two quantities', () => {
  const space = spaceOfRuns(makeStudy(runs));
  const quantity = (key: string) =>
    designFigures.find((known) => known.key === key) ?? expect.fail(`no figure ${key}`);
  const { chart } = pairOf(space, space.points, [quantity('energyPj'), quantity('accuracy')]);
  const series = seriesOf(chart);

  test('has the mean of a design, both standard errors and its name', () => {
    // Two values: the standard error is half their difference. Energies are in nJ, accuracies in percent.
    const bars = series.filter(
      ({ type, silent, step }) => type === 'line' && silent === true && step === undefined,
    );
    const ends = bars.map(({ data }) =>
      (data as number[][]).map((point) => point.map((part) => Number(part.toFixed(6)))),
    );
    expect(ends).toEqual([
      [
        [2, 62.5 - 12.5],
        [2, 62.5 + 12.5],
      ],
      [
        [2 - 1, 62.5],
        [2 + 1, 62.5],
      ],
    ]);
    const dots = series.filter(({ type }) => type === 'scatter').flatMap(({ data }) => data as object[]);
    expect(dots).toMatchObject([
      {
        name: 'mp16-8: 62.50 % ± 12.50 %, 2.00 nJ ± 1.00 nJ',
        value: [expect.closeTo(2, 9), 62.5],
        label: { show: true, opacity: 1 },
      },
      // A single run has no error.
      { name: 'fp32: 90.00 %, 8.00 nJ', value: [expect.closeTo(8, 9), 90], label: { show: true } },
    ]);
  });

  test('axes reach to the ends of the bars', () => {
    const { min, max } = chart.option.yAxis as { min: number; max: number };
    expect(min).toBeLessThan(50);
    expect(max).toBeGreaterThan(90);
    expect((chart.option.xAxis as { min: number }).min).toBeLessThan(1);
  });

  test('labels go where nothing is, and nowhere else', () => {
    // A mark on its own has its label at the right; at the right edge, where there is no room, at the left.
    const far = fittingLabels(
      [
        { label: 'one', x: 20, y: 20 },
        { label: 'a very very long label', x: 190, y: 190 },
      ],
      200,
      200,
    );
    expect(far).toEqual(['right', 'left']);
    // One close at the right of the other: the left one gives way to the left.
    const near = fittingLabels(
      [
        { label: 'mp16-8', x: 200, y: 150 },
        { label: 'mp8-8', x: 218, y: 150 },
      ],
      400,
      300,
    );
    expect(near).toEqual(['left', 'right']);
    // No room at all.
    expect(fittingLabels([{ label: 'wider than the picture', x: 50, y: 50 }], 100, 100)).toEqual([undefined]);
  });
});

describe('stacks', () => {
  test('energy by unit: means over seeds', () => {
    expect(partsOf(designs, 'test', ({ energyPj }) => energyPj.byUnit)).toEqual({
      bars: ['mp16-8', 'fp32'],
      parts: [
        // A quarter and three quarters of the means of 1000 and 3000, and of 8000.
        { name: 'add', values: [500, 2000] },
        { name: 'state bank', values: [1500, 6000] },
        { name: 'random', values: [0, 0] },
      ],
    });
    // fp32 was not trained.
    expect(partsOf(designs, 'train', ({ energyPj }) => energyPj.byUnit).bars).toEqual(['mp16-8']);
  });

  test('the largest part comes first, nothing is left out, what is many is one', () => {
    const parts = Array.from({ length: 10 }, (_, index) => ({ name: `p${index}`, values: [index] }));
    const stacks = { bars: ['bar'], parts };
    const names = namesOfParts([stacks]);
    expect(names).toEqual(['p9', 'p8', 'p7', 'p6', 'p5', 'p4', 'p3', 'p2', 'p1']);
    const drawn = drawnParts(stacks, names);
    // 2 + 1 are one; eight would all have been drawn.
    expect(drawn.at(-1)).toEqual({ name: '2 others', values: [3], colour: 7 });
    expect(drawn).toHaveLength(8);
    expect(drawn.reduce((sum, { values }) => sum + (values[0] ?? 0), 0)).toBe(45);
    expect(drawnParts(stacks, names.slice(1)).at(-1)).toEqual({ name: 'p1', values: [1], colour: 7 });
  });

  test('a part has one colour in charts beside each other', () => {
    const left = {
      bars: ['a'],
      parts: [
        { name: 'x', values: [5] },
        { name: 'y', values: [1] },
      ],
    };
    const right = {
      bars: ['a'],
      parts: [
        { name: 'x', values: [0] },
        { name: 'y', values: [2] },
      ],
    };
    const names = namesOfParts([left, right]);
    expect(drawnParts(right, names)).toEqual([{ name: 'y', values: [2], colour: 1 }]);
  });

  test('a bar says what it is, in its unit and as a share', () => {
    const stacks = {
      bars: ['mp8-8'],
      parts: [
        { name: 'v', values: [3000] },
        { name: 'w', values: [1000] },
      ],
    };
    const [first, second] = seriesOf(
      stackChart(stacks, { axisName: 'kbit', format: (value) => `${value} bits`, unit: 1000 }),
    );
    expect(first).toMatchObject({ data: [{ value: 3, name: 'mp8-8, v: 3000 bits (75.0 %)' }] });
    expect(second).toMatchObject({ data: [{ value: 1, name: 'mp8-8, w: 1000 bits (25.0 %)' }] });
  });
});

describe('learning curves', () => {
  test('are means of the runs, in percent, from epoch 1 on', () => {
    const curves = curvesOf(designs, ({ accuracy }) => accuracy);
    expect(curves).toEqual([
      {
        label: 'mp16-8',
        mean: [50, 75],
        runs: [
          [25, 50],
          [75, 100],
        ],
      },
    ]);
    const chart = curveChart(curves, 'accuracy');
    expect(chart.option.xAxis).toMatchObject({ data: ['1', '2'] });
    expect(seriesOf(chart).map(({ name }) => name)).toEqual(['mp16-8, one run', 'mp16-8, one run', 'mp16-8']);
  });

  test('of validation are there where the reports have it', () => {
    expect(curvesOf(designs, ({ validationAccuracy }) => validationAccuracy ?? null)).toEqual([]);
    const validated = makeStudy([
      handMadeRun({ history: [{ accuracy: 1, validationAccuracy: 0.5 }, { accuracy: 1 }] }),
    ]);
    expect(curvesOf(validated.designs, ({ validationAccuracy }) => validationAccuracy ?? null)).toMatchObject(
      [{ mean: [50, null] }],
    );
  });
});

describe('confusion', () => {
  test('counts over the runs, by label and prediction', () => {
    // Two runs with the same four predictions each.
    expect(confusionOf(designs[0]?.runs ?? [])).toEqual([
      [4, 2],
      [0, 2],
    ]);
  });

  test('is drawn with the share of the label', () => {
    const [series] = seriesOf(
      confusionChart([
        [3, 1],
        [0, 2],
      ]),
    );
    expect(series?.data).toMatchObject([
      { value: [0, 0, 0.75, 3], name: 'label 0 taken for 0: 3 of 4 (75.0 %)' },
      { value: [1, 0, 0.25, 1], name: 'label 0 taken for 1: 1 of 4 (25.0 %)' },
      { value: [0, 1, 0, 0], label: { show: false } },
      { value: [1, 1, 1, 2], name: 'label 1 taken for 1: 2 of 2 (100.0 %)' },
    ]);
  });
});

test('kernels: those that ran, most cycles first, with cycles an item and lanes in use', () => {
  const [design] = designs;
  if (design === undefined) throw new Error('no design');
  // 60 of 100 cycles, 2 an item, 30 items in 5 tiles of 16 lanes; half of the mean energy of 2000 pJ.
  expect(kernelFigures(design, 'test').rows).toMatchObject([
    [
      'integrate(in)',
      { value: 30 },
      { value: 5 },
      { value: 60 },
      { text: '60.0 %', value: 0.6 },
      { value: 2 },
      { text: '38 %', value: 0.375 },
      'issue',
      { text: '1.00 nJ', value: 1000 },
      {
        text: 'issue 100 %, integer add 50 %, state bank 25 %',
        value: 'issue 100 %, integer add 50 %, state bank 25 %, weight bank 13 %',
      },
    ],
    [
      'fire(hidden)',
      { value: 4 },
      { value: 2 },
      { value: 40 },
      { value: 0.4 },
      { value: 10 },
      { value: 0.125 },
      'integer add',
      { value: 500 },
      {},
    ],
  ]);
});
