import { describe, expect, test } from 'vitest';
import {
  makeSweep,
  type Report,
  type SweepResult,
  summaryCsv,
  sweepDesignsCsv,
} from '../../src/report/index.ts';
import { plain, sweepTables } from '../../src/report/node.ts';

/** A report that contains only the figures a sweep uses. */
function reportOf(accuracy: number, inferenceEnergyPj: number | null, on = 'test'): Report {
  const phase = (total: number | null, cycles: number) => ({
    perSample: { counters: { cycles }, energyPj: { total }, latencyNs: 2000 },
  });
  return {
    remarks: [],
    train: phase(3e6, 500),
    [on]: { accuracy, ...phase(inferenceEnergyPj, 400) },
    memory: { totalBits: 24_000, inferenceBits: 8000 },
    core: { area: { totalUm2: 1.5e6 } },
  } as unknown as Report;
}

const gain = 'program.parameters.gain';
const done = (precision: string, value: unknown, seed: number, report: Report): SweepResult => ({
  design: `${precision}_gain=${typeof value === 'object' ? 'value-1' : value}`,
  cell: `${precision}-${seed}`,
  precision,
  values: { [gain]: value },
  seed,
  outcome: { report },
});
const results: readonly SweepResult[] = [
  done('mp16-8', 0, 1, reportOf(0.9, 1e6)),
  done('mp16-8', 0, 2, reportOf(0.94, 2e6)),
  done('mp16-8', 0, 3, reportOf(0.98, 6e6)),
  done('mp16-8', 2, 1, reportOf(0.5, 1e6)),
  { ...done('mp16-8', 2, 2, reportOf(0, 0)), outcome: { status: 'failed', reason: 'not a number' } },
  done('fp32', { value: 1 }, 1, reportOf(0.95, 5e7)),
  {
    design: 'mp16-16_gain=0',
    cell: null,
    precision: 'mp16-16',
    values: { [gain]: 0 },
    seed: null,
    outcome: { status: 'misfit', reason: 'needs 2, has 1' },
  },
];
const axes = [{ path: gain, values: [0, 2, { value: 1 }] }];
const sweep = makeSweep({ experiment: 'digits', scoredOn: 'test', axes }, results);

describe('a sweep', () => {
  test('has mean, deviation of the sample and standard error of each design, of the cells that have a result', () => {
    expect(
      sweep.designs.map(({ precision, values, status, accuracy }) => [
        precision,
        values[gain],
        status,
        accuracy.n,
      ]),
    ).toEqual([
      ['mp16-8', 0, 'done', 3],
      ['mp16-8', 2, 'failed', 1],
      ['fp32', { value: 1 }, 'done', 1],
      ['mp16-16', 0, 'misfit', 0],
    ]);
    const [first, partial, , none] = sweep.designs;
    // Deviations -0.04, 0, 0.04: sqrt(0.0032 / 2) = 0.04, over sqrt(3).
    expect(first?.accuracy.mean).toBeCloseTo(0.94, 12);
    expect(first?.accuracy.standardDeviation).toBeCloseTo(0.04, 12);
    expect(first?.accuracy.standardError).toBeCloseTo(0.023094010767585, 12);
    expect(first).toMatchObject({ memoryBits: 24_000, inferenceEnergyPjPerSample: 3e6, reason: null });
    expect(partial).toMatchObject({
      accuracy: { n: 1, mean: 0.5, standardDeviation: null, standardError: null },
      reason: 'not a number',
    });
    expect(none).toMatchObject({
      accuracy: { n: 0, mean: null, standardDeviation: null, standardError: null },
      memoryBits: null,
      inferenceEnergyPjPerSample: null,
      reason: 'needs 2, has 1',
    });
  });

  test('as CSV has a line for each cell, with what it varies, its status, and the reason where there is no result', () => {
    expect(summaryCsv(sweep).split('\n')).toEqual([
      'cell,precision,program.parameters.gain,seed,status,scoredOn,accuracy,memoryBits,inferenceBits,areaUm2,trainCyclesPerSample,trainEnergyPjPerSample,trainLatencyNsPerSample,inferenceCyclesPerSample,inferenceEnergyPjPerSample,inferenceLatencyNsPerSample,reason,remarks',
      'mp16-8-1,mp16-8,0,1,done,test,0.9,24000,8000,1500000,500,3000000,2000,400,1000000,2000,,',
      'mp16-8-2,mp16-8,0,2,done,test,0.94,24000,8000,1500000,500,3000000,2000,400,2000000,2000,,',
      'mp16-8-3,mp16-8,0,3,done,test,0.98,24000,8000,1500000,500,3000000,2000,400,6000000,2000,,',
      'mp16-8-1,mp16-8,2,1,done,test,0.5,24000,8000,1500000,500,3000000,2000,400,1000000,2000,,',
      'mp16-8-2,mp16-8,2,2,failed,test,,,,,,,,,,,not a number,',
      'fp32-1,fp32,"{""value"":1}",1,done,test,0.95,24000,8000,1500000,500,3000000,2000,400,50000000,2000,,',
      ',mp16-16,0,,misfit,test,,,,,,,,,,,"needs 2, has 1",',
      '',
    ]);
  });

  test('as a table of designs has means, standard deviations and standard errors', () => {
    const [head = [], ...lines] = sweepDesignsCsv(sweep)
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/,(?![^"]*",)/));
    const cellsOf = (line: number, ...names: readonly string[]) =>
      names.map((name) => lines[line]?.[head.indexOf(name)]);
    const about = ['design', 'precision', gain, 'status', 'scoredOn', 'n', 'bits', 'accuracy', 'energyPj'];
    expect(cellsOf(0, ...about)).toEqual([
      ...['mp16-8_gain=0', 'mp16-8', '0', 'done', 'test', '3', '24000', '0.94', '3000000'],
    ]);
    const [deviation, error, deviationPj, errorPj] = cellsOf(
      0,
      ...['accuracySd', 'accuracySe', 'energyPjSd', 'energyPjSe'],
    ).map(Number);
    expect(deviation).toBeCloseTo(0.04, 12);
    expect(error).toBeCloseTo(0.023094010767585, 12);
    // Deviations of 2, 1 and 3 MpJ: sqrt(14 / 2) = 2.6458, over sqrt(3).
    expect(deviationPj).toBeCloseTo(2_645_751.311, 3);
    expect(errorPj).toBeCloseTo(1_527_525.232, 3);
    // One of two seeds failed; a single run has no spread.
    expect(cellsOf(1, 'status', 'reason', 'n', 'accuracy', 'accuracySd', 'accuracySe')).toEqual([
      ...['failed', 'not a number', '1', '0.5', '', ''],
    ]);
    expect(cellsOf(3, 'design', 'n', 'accuracy', 'onFront', 'frontShare')).toEqual([
      ...['mp16-16_gain=0', '0', '', '', ''],
    ]);
  });

  test('as tables shows cells, then designs', () => {
    const lines = sweepTables(sweep, plain)
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    expect(lines[0]?.slice(0, 4)).toEqual(['precision', 'gain', 'seed', 'accuracy']);
    expect(lines).toContainEqual([
      'mp16-8',
      '0',
      '2',
      '94.00 %',
      '24 000',
      '1.50 mm2',
      '3.00 µJ',
      '2.00 µJ',
      '2.00 µs',
    ]);
    expect(lines).toContainEqual(['mp16-8', '2', '2', '-', '-', '-', '-', '-', '-', 'failed: not a number']);
    expect(lines).toContainEqual(['mp16-16', '0', '-', '-', '-', '-', '-', '-', '-', 'needs 2, has 1']);
    expect(lines.at(-4)).toEqual([
      'mp16-8',
      '0',
      '3',
      '94.00 %',
      '4.00 %',
      '2.31 %',
      '24 000',
      '1.50 mm2',
      '3.00 µJ',
      '3.00 µJ',
      '2.00 µs',
    ]);
  });

  test('marks energies and areas that a remark qualifies, and gives the remarks of a design once', () => {
    const remarks = [
      { about: 'energy', text: 'bank state: stated for another shape' },
      { about: 'area', text: 'bank state: area of another shape' },
      { about: 'accuracy', text: 'not above chance' },
    ] as const;
    const marked = makeSweep({ experiment: 'digits', scoredOn: 'test', axes: [] }, [
      done('mp16-8', 0, 1, { ...reportOf(0.1, 1e6), remarks }),
      done('mp16-8', 0, 2, { ...reportOf(0.1, 1e6), remarks }),
    ]);
    expect(marked.designs.map((design) => design.remarks)).toEqual([remarks]);
    expect(summaryCsv(marked)).toContain(
      ',bank state: stated for another shape; bank state: area of another shape; not above chance\n',
    );
    const lines = sweepTables(marked, plain)
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    expect(lines).toContainEqual([
      'mp16-8',
      '2',
      '10.00 %',
      '24 000',
      '1.50 mm2 *',
      '3.00 µJ *',
      '1.00 µJ *',
      '2.00 µs',
    ]);
    expect(lines).toContainEqual(['mp16-8', '* area', 'bank state: area of another shape']);
    expect(lines).toContainEqual(['mp16-8', '* energy', 'bank state: stated for another shape']);
    expect(sweepTables(sweep, plain)).not.toContain('remarks');
  });

  test('that validates says so, and takes its accuracies from what was held out', () => {
    const validated = makeSweep({ experiment: 'digits', scoredOn: 'validation', axes: [] }, [
      done('mp16-8', 0, 1, reportOf(0.7, 1e6, 'validation')),
    ]);
    expect(validated.cells[0]?.accuracy).toBe(0.7);
    expect(sweepTables(validated, plain)).toContain('mean validation accuracy');
    expect(summaryCsv(validated)).toContain(',validation,0.7,');
  });
});

describe('a sweep over a core whose energies and area nobody knows', () => {
  const unknown = { ...reportOf(0.5, null), core: { area: { totalUm2: 0 } } } as unknown as Report;
  const results = [1, 2].map((seed) =>
    done('mp16-8', 0, seed, { ...unknown, train: { ...unknown.train, perSample: null } }),
  );
  const found = makeSweep({ experiment: 'digits', scoredOn: 'test', axes }, results);

  test('has none, and no spread over seeds', () => {
    const [design] = found.designs;
    expect(design).toMatchObject({ inferenceEnergyPjPerSample: null, trainEnergyPjPerSample: null });
    expect(design?.spreads.energyPj).toEqual({
      ...{ n: 0, mean: null, standardDeviation: null, standardError: null },
    });
    expect(JSON.stringify(found)).not.toMatch(/EnergyPjPerSample":0/);
  });

  test('leaves it empty in files', () => {
    const [, first] = summaryCsv(found).split('\n');
    expect(first).toBe('mp16-8-1,mp16-8,0,1,done,test,0.5,24000,8000,,,,,400,,2000,,');
    const [head = '', line = ''] = sweepDesignsCsv(found).split('\n');
    expect(line.split(',')[head.split(',').indexOf('energyPj')]).toBe('');
  });

  test('says that it is unknown, and not that of training, which did not run', () => {
    const rows = sweepTables(found, plain)
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/))
      .filter(([precision]) => precision === 'mp16-8');
    expect(rows.map((row) => row.slice(-4))).toEqual(rows.map(() => ['-', '-', 'unknown', '2.00 µs']));
    expect(rows).toHaveLength(3);
  });
});
