import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DifferencePart, Report } from '../../src/report/index.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

const { folder } = scratch();

async function diff(one: string, other: string): Promise<ReadonlyMap<string, DifferencePart>> {
  const { status, stdout, stderr } = await commandLine(argv`diff ${one} ${other} --json`);
  expect([status, stderr]).toEqual([0, '']);
  const { parts } = JSON.parse(stdout) as { readonly parts: readonly DifferencePart[] };
  return new Map(parts.map((part) => [part.part, part]));
}

async function run(name: string, ...options: readonly string[]): Promise<string> {
  const out = join(folder, name);
  const line = argv`run mnist-snn --limit 10 --epochs 1 --quiet --out ${out} ${options}`;
  expect((await commandLine(line)).status).toBe(0);
  return out;
}

describe('plasticore diff', () => {
  test('of two programs: the instruction that differs, and what it costs', async () => {
    const parts = await diff('rounding-nearest', 'rounding-truncating');
    // The two rules differ in one shift, which the one rounds to the nearest.
    const named = (projection: string) => ({
      what: `learn(${projection}), 4`,
      unit: 'text',
      one: `sra.rn r2, r2, #learn(${projection}).rate`,
      other: `sra r2, r2, #learn(${projection}).rate`,
    });
    expect(parts.get('microcode')?.differing).toEqual([named('hiddenToOutput'), named('inputToHidden')]);
    expect(parts.get('memory')).toMatchObject({ differing: [] });
    expect(parts.get('made from')?.differing.map(({ what }) => what)).toEqual([
      'learn-nearest.uc',
      'learn-truncating.uc',
    ]);
  });

  test('of what only one has: the head of its kernel, and its fields', async () => {
    const parts = await diff('mnist-snn', 'mnist-stdp');
    const row = (part: string, what: string) =>
      parts.get(part)?.differing.filter((each) => each.what.startsWith(what));
    expect(row('microcode', 'settle(inhibitor)')).toEqual([
      { what: 'settle(inhibitor)', unit: 'text', one: null, other: 'kernel settle over neurons' },
    ]);
    // 256 flags.
    expect(row('memory', 'hidden.box')).toEqual([{ what: 'hidden.box', unit: 'bit', one: 256, other: null }]);
  });

  test('of two runs: settings, accuracy, cycles and energy by unit', async () => {
    const [one, other] = [
      await run('eight', '--set', 'hw.lanes=8'),
      await run('sixteen', '--set', 'hw.lanes=16'),
    ];
    const parts = await diff(one, other);
    expect(parts.get('run')?.differing).toEqual([{ what: 'hw.lanes', unit: 'text', one: '8', other: '16' }]);
    expect(parts.get('made from')).toMatchObject({ differing: [] });
    const [first, second] = [one, other].map(
      (path) => JSON.parse(readFileSync(join(path, 'report.json'), 'utf8')) as Report,
    );
    const test = parts.get('test, a sample');
    const found = (what: string) => test?.differing.find((row) => row.what === what);
    expect(found('cycles')).toMatchObject({
      one: first?.test?.perSample?.counters.cycles,
      other: second?.test?.perSample?.counters.cycles,
    });
    expect(found('energy of leakage')).toMatchObject({
      one: first?.test?.perSample?.energyPj.byUnit.leakage,
    });
    // Twice the lanes are twice the units.
    const multiplier = parts.get('area')?.differing.find(({ what }) => what.endsWith('multiply'));
    expect(multiplier).toMatchObject({ unit: 'um2', other: 2 * Number(multiplier?.one) });
    expect(parts.get('area')?.differing.map(({ what }) => what)).toContain('all');
    // Lanes change how long it takes, not what is answered.
    expect(found('accuracy')).toBeUndefined();
    const { stdout } = await commandLine(argv`diff ${one} ${other}`);
    expect(stdout).toMatch(/^cycles +[\d ]+ +[\d ]+ +−\d+\.\d %$/m);
    expect(stdout).toMatch(/^the same: .*memory/m);
  });

  test('of a run and the image that it has learnt: what both have', async () => {
    const one = await run('learnt');
    const parts = await diff(one, join(one, 'learnt.pcore'));
    for (const { differing } of parts.values()) expect(differing).toEqual([]);
    expect(parts.get('memory')?.alike).toBeGreaterThan(10);
  });

  test('of what is no design is refused', async () => {
    const refused = async (one: string) => {
      const { status, stderr } = await commandLine(argv`diff ${one} mnist-snn`);
      expect(status).toBe(2);
      return stderr;
    };
    expect(await refused(folder)).toContain('report.json: no such file');
    expect(await refused('mnist-sn')).toContain("no bundled experiment or program 'mnist-sn'");
    expect(await refused('./hw-models/reference.yaml')).toContain('this is an hw-model');
  });
});
