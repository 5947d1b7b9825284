import { describe, expect, test } from 'vitest';
import {
  type DesignPoint,
  designFigures,
  frontAmong,
  listed,
  mostListed,
  shortNames,
} from '../../../src/report/html/designs.ts';
import { makePage, subjectOfRuns } from '../../../src/report/html/page.ts';
import { draw } from '../../../src/report/html/render.ts';
import { designScaling } from '../../../src/report/html/sections/scaling.ts';
import { makeStudy } from '../../../src/report/html/study.ts';
import { spaceOfRuns } from '../../../src/report/html/study-space.ts';
import { noFigures, readStudy } from '../../../src/report/index.ts';
import { expectError } from '../../support/errors.ts';
import { handMadeRun } from './hand-made.ts';
import { manyDesigns } from './many-designs.ts';

const point = (accuracy: number | null, energyPj: number | null): DesignPoint => ({
  name: `${accuracy} ${energyPj}`,
  choices: [],
  status: 'done',
  reason: null,
  figures: { ...noFigures, accuracy, energyPj },
  seeds: 1,
  standardErrors: {},
  energyPj: {},
  trainingEnergyPj: {},
  areaUm2: {},
  bound: {},
  trainingBound: {},
  onFront: false,
  frontShare: null,
  standing: null,
  constraintShare: null,
  settings: [],
});

describe('the front', () => {
  const figures = designFigures.filter(({ key }) => key === 'accuracy' || key === 'energyPj');

  test('has the designs that no other betters; equal ones both; none without a figure', () => {
    const points = [point(0.9, 5), point(0.8, 4), point(0.8, 6), point(0.9, 5), point(0.99, null)];
    expect(frontAmong(points, figures)).toEqual([0, 1, 3]);
    expect(frontAmong([{ ...point(1, 1), status: 'outside' }, point(0.5, 2)], figures)).toEqual([1]);
  });

  test('is listed evenly from end to end where it is long', () => {
    const points = Array.from({ length: 100 }, (_, at) => ({ ...point(at / 100, at), onFront: true }));
    const { points: some, all } = listed({ points });
    expect([some.length, all]).toEqual([mostListed, 100]);
    expect([some[0]?.figures.accuracy, some.at(-1)?.figures.accuracy]).toEqual([0.99, 0]);
  });
});

test('short names say what differs', () => {
  const axes = ['precision', 'lanes', 'gate', 'word'].map((name) => ({ name, values: [] }));
  const named = (...choices: string[]) => ({ ...point(1, 1), choices });
  expect(
    shortNames([named('mp16-8', '8', 'clock', '64'), named('mp8-4', '16', 'skip', '64')], { axes }),
  ).toEqual(['mp16-8, lanes 8, clock', 'mp8-4, lanes 16, skip']);
});

test('the designs of runs have what differs as axes, and a front', () => {
  const run = (lanes: number, accuracy: number, energyPj: number) =>
    handMadeRun({ settings: [`hw.lanes=${lanes}`, 'program.steps=4'], accuracy, energyPj });
  const { axes, points } = spaceOfRuns(
    makeStudy([run(8, 0.5, 1000), run(16, 0.7, 2000), run(32, 0.6, 3000)]),
  );
  expect(axes).toMatchObject([
    { name: 'precision', values: ['mp16-8'] },
    { name: 'lanes', values: ['8', '16', '32'] },
  ]);
  expect(points.map(({ onFront }) => onFront)).toEqual([true, true, false]);
  // 60 of 100 cycles are bound by issue, 40 by the adders.
  expect(points[0]?.bound).toEqual({ issue: 0.6, 'integer add': 0.4 });
});

test('designs that differ in their cores alone share a line, and those of the front come first', () => {
  const of = (lanes: string, cores: string, latencyNs: number, onFront: boolean): DesignPoint => ({
    ...point(0.5, 1),
    choices: [lanes, cores],
    figures: { ...noFigures, latencyNs },
    onFront,
  });
  const space = {
    experiment: 'cores',
    scoredOn: 'test' as const,
    axes: [
      { name: 'lanes', values: ['8', '16', '32'] },
      { name: 'cores', values: ['1', '2', '4'] },
    ],
    objectives: [],
    wanted: [],
    points: [
      of('8', '4', 100, true),
      of('8', '1', 400, false),
      of('16', '1', 300, true),
      of('16', '2', 150, false),
      of('32', '1', 200, false),
      of('32', '2', 250, false),
    ],
    draws: 0,
  };
  const subject = { ...subjectOfRuns(makeStudy([handMadeRun()])), space };
  const picture = designScaling.of(subject)?.drawn(draw).pictures[0];
  expect(picture?.csv()).toBe(
    'designs,cores,latency of an inference [s]\nlanes 8,1,4e-7\nlanes 8,4,1e-7\nlanes 16,1,3e-7\nlanes 16,2,1.5e-7\nlanes 32,1,2e-7\nlanes 32,2,2.5e-7\n',
  );
  expect(designScaling.of({ ...subject, space: { ...space, axes: [] } })).toBeUndefined();
});

describe('a search', () => {
  test('without a design that fits has a page, with the reasons', () => {
    const search = manyDesigns(1);
    expect(search.designs.map(({ status }) => status)).toEqual(['misfit']);
    const { text, pictures } = makePage({ folders: [], study: search }, draw);
    expect(text).toContain('weight bank: too small');
    expect(text).toContain('No design is on the front');
    expect(pictures).toEqual([]);
  });

  test('of before there was a figure is read, and nobody knows the figure', () => {
    const search = manyDesigns(2);
    const old = search.designs.map(
      ({ figures: { powerMw: _, trainingUpdates: __, ...figures }, ...design }) => ({
        ...design,
        figures,
      }),
    );
    const [design] = readStudy(JSON.stringify({ ...search, designs: old })).designs;
    expect(design?.figures).toEqual({ ...search.designs[0]?.figures, powerMw: null, trainingUpdates: null });
  });

  test('that is damaged, foreign or newer is refused with its place', () => {
    const refuse = (text: string, ...parts: readonly string[]) =>
      expectError(() => readStudy(text), 'format', 'study.json: ', ...parts);
    refuse('{"schema": ', 'not JSON, or cut short');
    refuse('[]', "expected schema 'plasticore/study/1', found no schema");
    refuse('{"schema": "plasticore/study/2"}', 'plasticore/study/2');
    const search = manyDesigns(2);
    const [first] = search.designs;
    refuse(
      JSON.stringify({ ...search, designs: [{ ...first, status: 'perhaps' }] }),
      'a damaged study: designs.0.status',
    );
  });
});
