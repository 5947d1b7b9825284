import { describe, expect, test } from 'vitest';
import { type DesignSpace, quantitiesOf, unitFor, wantedFirst } from '../../../src/report/html/designs.ts';
import { packDesigns, unpackDesigns } from '../../../src/report/html/packed.ts';
import { pairOf } from '../../../src/report/html/pair.ts';
import { colouring } from '../../../src/report/html/script/colours.ts';
import { change } from '../../../src/report/html/script/details.tsx';
import { readView, shownIn, stepsFrom, type View, writeView } from '../../../src/report/html/script/view.ts';
import { designSpaceOf } from '../../../src/report/html/study-space.ts';
import { manyDesigns } from './many-designs.ts';

/** 100 designs: one precision, five numbers of lanes, four words, five hidden layers; the last has no figures. */
const space: DesignSpace = designSpaceOf(manyDesigns(100));
const plain = readView('', space);
const shownWith = (part: Partial<View>): number => shownIn({ ...plain, ...part }, space).length;
const designOf = (name: string) => space.points.find((point) => point.name === name);

test('designs come out of the page as they went in, but for digits that nobody reads', () => {
  const again = unpackDesigns(packDesigns(space));
  expect(again.points).toHaveLength(100);
  // All figures of these designs have fewer than seven digits, except a few energies.
  const near = (value: unknown): unknown =>
    typeof value === 'number' && value !== 0
      ? expect.closeTo(value, 5 - Math.floor(Math.log10(Math.abs(value))))
      : typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).map(([key, own]) => [key, near(own)]))
        : value;
  const first = JSON.parse(JSON.stringify(space.points[7]));
  expect(JSON.parse(JSON.stringify(again.points[7]))).toMatchObject(
    Object.fromEntries(
      ['name', 'choices', 'figures', 'areaUm2', 'bound'].map((key) => [key, near(first[key])]),
    ),
  );
  expect({ ...again, points: [] }).toEqual({ ...space, points: [] });
});

describe('a view', () => {
  test('is accuracy against energy at first, and all designs', () => {
    expect([plain.y.key, plain.x.key, plain.colour]).toEqual(['accuracy', 'energyPj', 'front']);
    expect(shownWith({})).toBe(100);
  });

  test('has the objectives of the search as its axes at first, and heads tables with them', () => {
    const wanted = ['trainingEnergyPj', 'accuracy', 'latencyNs'] as const;
    const other: DesignSpace = { ...space, wanted };
    expect([readView('', other).y.key, readView('', other).x.key]).toEqual(['accuracy', 'trainingEnergyPj']);
    expect(wantedFirst(other).map(({ key }) => key)).toEqual([
      ...wanted,
      ...['energyPj', 'powerMw', 'areaUm2', 'bits', 'inferenceBits', 'trainingLatencyNs'],
    ]);
    const costs = readView('', { ...space, wanted: ['areaUm2', 'latencyNs'] });
    expect([costs.y.key, costs.x.key]).toEqual(['areaUm2', 'latencyNs']);
    expect(space.wanted).toEqual(['accuracy', 'energyPj', 'areaUm2']);
  });

  test('is kept in an address, with names that hold anything', () => {
    const view: View = {
      ...plain,
      x: quantitiesOf(space).find(({ key }) => key === 'axis:lanes') ?? plain.x,
      colour: 'areaUm2',
      only: new Map([['lanes', new Set(['4', '64'])]]),
      limits: new Map([['areaUm2', 1.1e6]]),
      onlyFront: true,
      text: 'a&b=#c',
      selected: designOf('mp8-4_lanes=8_weightWord=64_hidden=32'),
    };
    const again = readView(writeView(view), space);
    expect({ ...again, x: again.x.key }).toEqual({ ...view, x: 'axis:lanes' });
    expect(readView('#explorer:x=none&colour=none&design=none', space)).toEqual(plain);
  });

  test('filters by choice, limit, front and words', () => {
    expect(shownWith({ only: new Map([['lanes', new Set(['4'])]]) })).toBe(20);
    expect(shownWith({ only: new Map([['lanes', new Set()]]) })).toBe(0);
    // 0.8, 0.83, 0.86, 0.89 and 0.92 for the hidden layers: two of five; one of these 40 has no figures.
    expect(shownWith({ limits: new Map([['accuracy', 0.88]]) })).toBe(39);
    expect(shownWith({ onlyFront: true })).toBe(space.points.filter(({ onFront }) => onFront).length);
    expect(shownWith({ text: ' HIDDEN=32  lanes=8 ' })).toBe(4);
  });
});

test('one step goes to the next number of lanes, words and neurons', () => {
  const from = designOf('mp8-4_lanes=8_weightWord=64_hidden=32');
  const steps = from === undefined ? [] : stepsFrom(from, space);
  expect(steps.map(({ text }) => text)).toEqual([
    'lanes 8 → 4',
    'lanes 8 → 16',
    'weightWord 64 → 128',
    'hidden 32 → 64',
  ]);
  const [energy, share] = ['energyPj', 'accuracy'].map((key) =>
    quantitiesOf(space).find((quantity) => quantity.key === key),
  );
  if (energy === undefined || share === undefined) throw new Error('no such figures');
  expect(change(energy, 200, 150)).toBe('−25.0 %');
  expect(change(energy, 200, 200.01)).toBe('0.0 %');
  expect(change(share, 0.8, 0.83)).toBe('+3.00 points');
  expect(change(share, null, 0.83)).toBe('–');
});

test('colours tell numbers apart by shade, and what designs have of a figure', () => {
  const byLanes = colouring('axis:lanes', space, space.points);
  expect(byLanes.legend.map(({ name }) => name)).toEqual([4, 8, 16, 32, 64].map((lanes) => `lanes ${lanes}`));
  expect(new Set(byLanes.legend.map(({ colour }) => colour)).size).toBe(5);
  const byAccuracy = colouring('accuracy', space, space.points).legend.map(({ name }) => name);
  // Lanes add 0.0001 each: from 0.8 to 0.92 + 0.0003, as the last design has no figures.
  expect(byAccuracy).toEqual(['accuracy 80.00 %', 'accuracy 86.02 %', 'accuracy 92.04 %']);
});

test('a wide range has a logarithmic axis in a fitting unit, and a choice no front', () => {
  const [latency, lanes] = ['latencyNs', 'axis:lanes'].map((key) =>
    quantitiesOf(space).find((quantity) => quantity.key === key),
  );
  if (latency === undefined || lanes === undefined) throw new Error('no such quantities');
  expect(unitFor(latency, 2.5e6)).toEqual({ name: 'ms', size: 1e6 });
  const { title, chart, front } = pairOf(space, space.points, [lanes, latency]);
  expect(title).toBe('Latency of an inference against lanes');
  expect([front.size, chart.option.xAxis]).toEqual([
    0,
    expect.objectContaining({ type: 'value', name: 'lanes' }),
  ]);
  expect(chart.option.yAxis).toMatchObject({ type: 'log', name: 'latency of an inference, ms (log)' });
});
