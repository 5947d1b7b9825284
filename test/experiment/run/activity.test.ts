import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { repriceRun, runExperiment } from '../../../src/experiment/node.ts';
import type { ActivityCounts } from '../../../src/image/index.ts';
import type { Report } from '../../../src/report/index.ts';
import { PlasticoreError } from '../../../src/text/index.ts';
import { commandLine } from '../../cli/in-process.ts';
import { argv } from '../../support/argv.ts';

const root = mkdtempSync(join(tmpdir(), 'plasticore-activity-'));
const folder = join(root, 'run');
const file = join(root, 'activity.json');
const small = argv`--limit 4 --epochs 1 --set program.populations.hidden.size=16`;
let report: Report;
let counts: ActivityCounts;

beforeAll(async () => {
  const set = ['program.populations.hidden.size=16'];
  ({ report } = await runExperiment('mnist-snn', { limit: 4, epochs: 1, set, out: folder }));
  const { status, stderr } = await commandLine(
    argv`trace mnist-snn ${small} --steps 0..15 --activity ${file}`,
  );
  if (status !== 0) throw new Error(stderr);
  counts = JSON.parse(readFileSync(file, 'utf8')) as ActivityCounts;
}, 120_000);

/** A file with other contents. */
function written(changed: unknown): string {
  const path = join(root, 'changed.json');
  writeFileSync(path, JSON.stringify(changed));
  return path;
}

test('a report says which toggles were assumed, and what rests on them', () => {
  expect(report.core.activity).toMatchObject({ togglesPerBit: 0.5, low: 0.125, high: 1 });
  expect(report.core.activity?.measured).toBeUndefined();
  const { interval, onAssumedToggles } = report.train.energyPj;
  const total = report.train.energyPj.total ?? Number.NaN;
  const { energyPj = 0, low = 0, high = 0 } = onAssumedToggles ?? {};
  // From a quarter of the assumed toggles to twice as many.
  expect(low).toBeCloseTo(energyPj / 4, 6);
  expect(high).toBeCloseTo(energyPj * 2, 6);
  expect(energyPj).toBeGreaterThan(0.05 * total);
  expect(energyPj).toBeLessThan(0.5 * total);
  // Independent of the figures: the bounds hold both.
  expect((interval?.high ?? 0) - total).toBeGreaterThan(high - energyPj);
});

test('toggles that were counted take the place of those assumed', () => {
  const repriced = repriceRun(folder, { activity: file });
  expect(repriced.core.activity?.measured).toMatchObject({ first: 0, last: 15 });
  expect(repriced.train.energyPj.onAssumedToggles).toBeUndefined();
  const { byUnit } = repriced.train.energyPj;
  const before = report.train.energyPj.byUnit;
  // Products of small numbers toggle less than random ones. What does not follow the data stays as it is.
  expect(byUnit.multiply).toBeLessThan(0.8 * (before.multiply ?? 0));
  for (const unit of ['fetch', 'control', 'leakage', 'router', 'random', 'static'])
    expect(byUnit[unit]).toBe(before[unit]);
  expect(repriced.train.counters).toEqual(report.train.counters);
});

test('as many as are assumed: the same energy to the last digit', () => {
  const half = (seen: { readonly bits: number }) => ({ toggles: seen.bits / 2, bits: seen.bits });
  const assumed = {
    ...counts,
    kernels: counts.kernels.map(({ units, registers }) => ({
      units: Object.fromEntries(Object.entries(units).map(([name, seen]) => [name, half(seen)])),
      registers: half(registers),
    })),
    banks: counts.banks.map(({ reads, writes }) => ({ reads: half(reads), writes: half(writes) })),
  };
  const doubled = JSON.parse(JSON.stringify(assumed), (key, value: unknown) =>
    typeof value === 'number' && (key === 'toggles' || key === 'bits') ? 2 * value : value,
  ) as ActivityCounts;
  const repriced = repriceRun(folder, { activity: written(doubled) });
  for (const phase of ['train', 'test'] as const) {
    const { interval: _, onAssumedToggles: __, ...energy } = report[phase]?.energyPj ?? {};
    expect(repriced[phase]?.energyPj).toMatchObject(energy);
  }
});

describe('a file that is not of this run is refused', () => {
  test.each([
    [
      'another program',
      { program: 'other' },
      /holds the toggles of 'other' at mp16-8: expected those of 'mnist-snn'/,
    ],
    ['another precision', { precision: 'mp8-8' }, /at mp8-8: expected those of 'mnist-snn' at mp16-8/],
    ['other lanes', { lanes: 8 }, /a core that differs in lanes \(8 in the file, 16 in the run\)/],
    ['other banks', { banks: [] }, /a core that differs in banks/],
    ['other kernels', { kernels: [] }, /a core that differs in kernels/],
  ])('%s', (_, shape, message) => {
    const other = written({ ...counts, shape: { ...counts.shape, ...shape } });
    expect(() => repriceRun(folder, { activity: other })).toThrowError(message);
    expect(() => repriceRun(folder, { activity: other })).toThrowError(PlasticoreError);
  });

  test.each([
    [
      'more toggles than bits',
      { banks: [{ reads: { toggles: 3, bits: 2 }, writes: { toggles: 0, bits: 0 } }] },
      /banks\.0\.reads: expected at most as many toggles as bits/,
    ],
    ['a missing kernel', { kernels: [] }, /expected toggles of \d+ kernels and 3 banks, found 0 and 3/],
    ['another format', { format: 'plasticore/activity/2' }, /format: this is plasticore\/activity\/2|newer/],
  ])('%s', (_, change, message) => {
    expect(() => repriceRun(folder, { activity: written({ ...counts, ...change }) })).toThrowError(message);
  });

  test('the command says so in one message, with what would help', async () => {
    const other = written({ ...counts, shape: { ...counts.shape, precision: 'mp8-4' } });
    const { status, stdout, stderr } = await commandLine(argv`reprice ${folder} --activity ${other}`);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /changed\.json: holds the toggles of 'mnist-snn' at mp8-4: expected .* at mp16-8\n/,
    );
    expect(stderr).toContain('plasticore trace EXPERIMENT --steps A..B --activity FILE');
  });
});

test('the tables say what was counted, and in which steps', async () => {
  const { status, stdout } = await commandLine(argv`reprice ${folder} --activity ${file}`);
  expect(status).toBe(0);
  expect(stdout).toMatch(/bits that toggle, counted in steps 0 to 15/);
  expect(stdout).toMatch(/weight bank, read +\d+\.\d %/);
  const plain = await commandLine(argv`reprice ${folder}`);
  expect(plain.stdout).toMatch(/assumed +50\.0 % \(12\.5 % to 100\.0 %\)/);
});
