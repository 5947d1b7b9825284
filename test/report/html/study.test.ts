import { describe, expect, test } from 'vitest';
import { makeStudy, meanOf, spreadOf } from '../../../src/report/html/study.ts';
import { failureOf } from '../../support/errors.ts';
import { handMadeReport, handMadeRun } from './hand-made.ts';
import { sweepWith } from './many-designs.ts';

describe('a study', () => {
  test('sorts runs into designs, by width, and their seeds', () => {
    const { designs, title } = makeStudy([
      handMadeRun({ precision: 'fp32', seed: 1 }),
      handMadeRun({ precision: 'mp16-12', seed: 1 }),
      handMadeRun({ precision: 'mp16-8', seed: 10 }),
      handMadeRun({ precision: 'mp8-8', seed: 1 }),
      handMadeRun({ precision: 'mp16-8', seed: 9 }),
      handMadeRun({ precision: 'mp8-4', seed: 1 }),
    ]);
    expect(title).toBe('tiny');
    expect(
      designs.map(({ label, runs }) => [label, ...runs.map(({ report }) => report.provenance.seed)]),
    ).toEqual([
      ['mp8-4', 1],
      ['mp8-8', 1],
      ['mp16-8', 9, 10],
      ['mp16-12', 1],
      ['fp32', 1],
    ]);
  });

  test('labels a design by what tells it apart, and no more', () => {
    const shared = 'program.parameters.gain=0';
    const { designs } = makeStudy([
      handMadeRun({ settings: [shared, 'hw.lanes=8'] }),
      handMadeRun({ settings: [shared, 'hw.lanes=16'] }),
      handMadeRun({ settings: [shared, 'program.populations.hidden.size=64', 'hw.lanes=8'] }),
      handMadeRun({ precision: 'mp8-8', settings: ['program.parameters.gain=2'] }),
      handMadeRun({ precision: 'fp32', experiment: 'tiny' }),
      handMadeRun({ precision: 'fp32', experiment: 'other' }),
    ]);
    // Widths first; then labels as people sort them, numbers by size.
    expect(designs.map(({ label }) => label)).toEqual([
      'mp8-8',
      'mp16-8, lanes 8',
      'mp16-8, lanes 8, size 64',
      'mp16-8, lanes 16',
      'fp32, other',
      'fp32, tiny',
    ]);
  });

  test('labels it by no more than that: parameters that follow from the core are left out', () => {
    const own = 'hw.lanes=8';
    const { designs } = makeStudy([
      handMadeRun({ settings: [own, 'program.parameters.gain=1', 'program.parameters.errorScale=4'] }),
      handMadeRun({ settings: ['hw.lanes=16', 'program.parameters.gain=0'] }),
      // The same core twice: here the gain alone tells them apart.
      handMadeRun({ settings: [own, 'program.parameters.gain=2', 'program.parameters.errorScale=4'] }),
    ]);
    expect(designs.map(({ label }) => label)).toEqual([
      'mp16-8, lanes 8, gain 1',
      'mp16-8, lanes 8, gain 2',
      'mp16-8, lanes 16, gain 0',
    ]);
  });

  test('gives mean and deviation over seeds', () => {
    const { designs } = makeStudy([
      handMadeRun({ seed: 1, accuracy: 0.5, energyPj: 1000 }),
      handMadeRun({ seed: 2, accuracy: 0.75, energyPj: 3000 }),
    ]);
    const [design] = designs;
    if (design === undefined) throw new Error('no design');
    // (0.5 + 0.75) / 2; the deviation of two values is their difference over the root of two.
    const { mean, standardDeviation } = spreadOf(design, ({ test }) => test.accuracy);
    expect(mean).toBe(0.625);
    expect(standardDeviation).toBeCloseTo(0.25 / Math.SQRT2, 12);
    expect(meanOf(design, 'test', ({ energyPj }) => energyPj.total)).toBe(2000);
  });

  test('tells designs that were validated from those that were tested', () => {
    const { test: scored, provenance, ...rest } = handMadeReport({ accuracy: 0.75 });
    const { test: samples, ...data } = provenance.data;
    const validated = {
      ...rest,
      validation: scored,
      provenance: { ...provenance, data: { ...data, validation: samples } },
    };
    const { designs } = makeStudy([
      handMadeRun({ accuracy: 0.5 }),
      { name: 'validated', report: JSON.stringify(validated) },
    ]);
    expect(
      designs.map(({ label, runs: [run] }) => [label, run?.report.scoredOn, run?.report.test.accuracy]),
    ).toEqual([
      ['mp16-8, on a validation split', 'validation', 0.75],
      ['mp16-8, on the test set', 'test', 0.5],
    ]);
  });

  test('knows cells of a sweep without a result', () => {
    const { cells: [cell] = [], ...sweep } = sweepWith('mp16-12', 'weight bank: 1 bit needed, 0 available');
    if (cell === undefined) throw new Error('no cell');
    const name = handMadeRun().name.replace('cells/', '');
    const values = { 'hw.lanes': 8 };
    const cells = [
      { ...cell, values },
      { ...cell, precision: 'mp16-8', values, seed: 2, run: 'b_seed=2', reason: 'not finished' },
      { ...cell, precision: 'mp16-8', values, seed: 1, run: name, reason: 'not finished' },
      { ...cell, precision: 'fp32', status: 'done' as const, reason: null },
    ];
    const runs = [{ ...handMadeRun(), name: `runs/${name}` }];
    expect(makeStudy(runs, { ...sweep, cells }).missing).toEqual([
      { cell: 'mp16-12, hw.lanes 8', reason: 'weight bank: 1 bit needed, 0 available' },
      // The run that the sweep does not know yet is there.
      { cell: 'mp16-8, hw.lanes 8, seed 2', reason: 'not finished' },
    ]);
  });
});

describe('files that are not reports', () => {
  const read = (report: unknown) => () =>
    makeStudy([{ name: 'cells/a', report: typeof report === 'string' ? report : JSON.stringify(report) }]);

  test.each<[string, unknown, string]>([
    ['cut short', '{"schema": "plasticore/report/1", "train":', 'not JSON, or cut short'],
    [
      'of something else',
      { status: 'passed' },
      "not a report of plasticore: expected schema 'plasticore/report/1', found no schema",
    ],
    ['another schema', { schema: 'plasticore/study/1' }, "found schema 'plasticore/study/1'"],
    ['newer', { schema: 'plasticore/report/2' }, 'it needs plasticore 2.0 or later'],
    ['null', null, 'found no schema'],
    [
      'of a wrong type inside',
      { ...handMadeReport(), test: { ...handMadeReport().test, accuracy: 'good' } },
      'a damaged report: test.accuracy',
    ],
    [
      'an impossible share',
      { ...handMadeReport(), test: { ...handMadeReport().test, accuracy: 1.5 } },
      'a damaged report: test.accuracy',
    ],
    [
      'that was neither tested nor validated',
      { ...handMadeReport(), test: undefined },
      'a damaged report: test',
    ],
    ['without a part', { ...handMadeReport(), memory: undefined }, 'a damaged report: memory'],
  ])('%s', (_, report, message) => {
    const error = failureOf(read(report));
    expect([error.code, error.file]).toEqual(['format', 'cells/a/report.json']);
    expect(error.message).toContain(message);
  });

  test('nothing at all', () => {
    expect(failureOf(() => makeStudy([])).message).toContain('there is no report.json');
  });

  test('invalid predictions', () => {
    const error = failureOf(() =>
      makeStudy([handMadeRun({}, { predictions: 'sample,label,prediction\n0,1,1\n1,x,1\n' })]),
    );
    expect([error.code, error.file, error.line]).toEqual(['data', 'cells/mp16-8-seed1/predictions.csv', 3]);
  });

  test('a label that is not a class of the network: a matrix over it would take gigabytes', () => {
    const error = failureOf(() =>
      makeStudy([handMadeRun({}, { predictions: 'sample,label,prediction\n0,1,1\n1,23171,1\n' })]),
    );
    expect(error).toMatchObject({ code: 'data', line: 3 });
    expect(
      failureOf(() => makeStudy([handMadeRun({}, { predictions: 'sample,label,prediction\n0,1,99999\n' })]))
        .message,
    ).toMatch(/^expected a prediction \(a whole number below \d+\), found '99999'$/);
  });
});
