import { describe, expect, test } from 'vitest';
import { makeSweep, type Report, type SweepResult, summaryCsv } from '../../src/report/index.ts';
import { plain, sweepTables } from '../../src/report/node.ts';

/** A report of which a sweep takes only these figures. */
function reportOf(accuracy: number, testEnergyPj: number): Report {
  const phase = (total: number) => ({ perSample: { energyPj: { total }, latencyNs: 2000 } });
  return {
    train: phase(3e6),
    test: { accuracy, ...phase(testEnergyPj) },
    memory: { totalBits: 24_000, inferenceBits: 8000 },
  } as unknown as Report;
}

const results: readonly SweepResult[] = [
  { precision: 'mp16-8', seed: 1, report: reportOf(0.9, 1e6) },
  { precision: 'mp16-8', seed: 2, report: reportOf(0.94, 2e6) },
  { precision: 'mp16-8', seed: 3, report: reportOf(0.98, 6e6) },
  { precision: 'mp16-8', seed: 4, reason: 'not a number' },
  { precision: 'fp32', seed: 1, report: reportOf(0.95, 5e7) },
  { precision: 'mp16-16', seed: null, reason: 'needs 2, has 1' },
];
const sweep = makeSweep('digits', results);

describe('a sweep', () => {
  test('has means and standard deviations of the sample, by precision, of the runs that have a result', () => {
    expect(sweep.precisions.map(({ precision, runs }) => [precision, runs])).toEqual([
      ['mp16-8', 3],
      ['fp32', 1],
      ['mp16-16', 0],
    ]);
    const [first, single, none] = sweep.precisions;
    // Deviations -0.04, 0, 0.04: sqrt(0.0032 / 2).
    expect(first?.accuracyMean).toBeCloseTo(0.94, 12);
    expect(first?.accuracyStandardDeviation).toBeCloseTo(0.04, 12);
    expect(first).toMatchObject({ memoryBits: 24_000, testEnergyPjPerSample: 3e6 });
    expect(single).toMatchObject({ accuracyMean: 0.95, accuracyStandardDeviation: null });
    expect(none).toMatchObject({ accuracyMean: null, memoryBits: null, testEnergyPjPerSample: null });
  });

  test('as CSV has a line for each run, with the reason where there is no result', () => {
    expect(summaryCsv(sweep).split('\n')).toEqual([
      'precision,seed,accuracy,memoryBits,inferenceBits,trainEnergyPjPerSample,testEnergyPjPerSample,testLatencyNsPerSample,reason',
      'mp16-8,1,0.9,24000,8000,3000000,1000000,2000,',
      'mp16-8,2,0.94,24000,8000,3000000,2000000,2000,',
      'mp16-8,3,0.98,24000,8000,3000000,6000000,2000,',
      'mp16-8,4,,,,,,,not a number',
      'fp32,1,0.95,24000,8000,3000000,50000000,2000,',
      'mp16-16,,,,,,,,"needs 2, has 1"',
      '',
    ]);
  });

  test('as tables shows runs, then precisions', () => {
    const lines = sweepTables(sweep, plain)
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    expect(lines).toContainEqual(['mp16-8', '2', '94.00 %', '24 000', '3.00 µJ', '2.00 µJ', '2.00 µs']);
    expect(lines).toContainEqual(['mp16-16', '-', '-', '-', '-', '-', '-', 'needs 2, has 1']);
    expect(lines.at(-3)).toEqual([
      'mp16-8',
      '3',
      '94.00 %',
      '4.00 %',
      '24 000',
      '3.00 µJ',
      '3.00 µJ',
      '2.00 µs',
    ]);
  });
});
