import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Sweep } from '../../src/report/index.ts';
import { plasticore, start } from './spawn.ts';

const folder = mkdtempSync(join(tmpdir(), 'plasticore-sweep-'));
const path = (...names: readonly string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true }));

const small = [
  ...['--limit', '20', '--epochs', '1'],
  ...['--set', 'program.populations.hidden.size=16', '--set', 'program.steps=5'],
];

describe('plasticore sweep', () => {
  test('runs precisions x seeds; what does not fit is a row with its reason', () => {
    // 8-bit weights of 784 x 16 and 16 x 10 synapses: 100 352 bits, and 16 rows of one word of 128.
    const args = [
      ...['sweep', 'mnist-snn', '--precision', 'mp8-8,mp16-12', '--seeds', '1,2', ...small],
      ...['--set', 'hw.banks.weight.capacityBits=102400'],
    ];
    const out = path('out');
    const first = plasticore([...args, '--out', out, '--workers', '2', '--json']);
    expect(first.status).toBe(0);
    expect(first.stderr).toContain('mnist-snn: 2 runs');
    expect(first.stderr).toMatch(/2\/2 runs {2}80\/80/);
    const sweep = JSON.parse(first.stdout) as Sweep;
    expect(sweep.cells.map(({ precision, seed }) => [precision, seed])).toEqual([
      ['mp8-8', 1],
      ['mp8-8', 2],
      ['mp16-12', null],
    ]);
    const [one, two, misfit] = sweep.cells;
    expect(misfit?.reason).toContain('weight bank');
    expect(misfit?.reason).toContain('102 400 available');
    expect(sweep.precisions[0]?.accuracyMean).toBe(((one?.accuracy ?? 0) + (two?.accuracy ?? 0)) / 2);

    expect(readdirSync(out).sort()).toEqual(['mp8-8-seed1', 'mp8-8-seed2', 'summary.csv']);
    expect(readFileSync(join(out, 'summary.csv'), 'utf8').split('\n')[3]).toMatch(/^mp16-12,,,.*available"$/);
    const report: unknown = JSON.parse(readFileSync(join(out, 'mp8-8-seed2', 'report.json'), 'utf8'));
    expect(report).toMatchObject({
      test: { accuracy: two?.accuracy },
      memory: { totalBits: two?.memoryBits },
      provenance: { precision: 'mp8-8', seed: 2 },
    });

    const again = plasticore([...args, '--workers', '1', '--json', '--quiet']);
    expect(again).toEqual({ status: 0, stdout: first.stdout, stderr: '' });
  });

  test('shows the other runs where one fails, then fails', () => {
    // Each update takes a weight times 2^20: integers saturate; floats overflow, and then inf - inf is not a number.
    writeFileSync(
      path('blow-up.uc'),
      `kernel learn over synapses where pre.trace and post.signal
  ld     r0, pre.trace
  ld     r1, post.signal
  mul    r2, r0, r1
  sra.sr r2, r2, #rate
  ld     r3, syn.shadow
${'  add.s  r3, r3, r3\n'.repeat(20)}  add.s  r3, r3, r2
  st     r3, syn.shadow
end
`,
    );
    writeFileSync(
      path('fails.yaml'),
      `format: plasticore/experiment/1
name: fails
program: mnist-snn
hw: reference
precisions: [mp16-8, fp32]
seeds: [1]
epochs: 1
limit: 20
set: {program.microcode.2: ./blow-up.uc}
default: {precision: mp16-8, seed: 1}
`,
    );
    const { status, stdout, stderr } = plasticore(['sweep', path('fails.yaml')]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^mp16-8 +1 +\d+\.\d\d %/m);
    expect(stdout).toMatch(/^fp32 +1 +- .* not a number: kernel/m);
    expect(stderr).toContain('plasticore: 1 of 2 runs failed; fails at fp32, seed 1: not a number: kernel');
  });

  test.each([
    [['--seeds', '1,9'], "--seeds: '9' is not among those of the experiment: 1, 2, 3, 4, 5"],
    [['--precision', 'mp8-3'], "--precision: 'mp8-3' is not among"],
    [['--workers', '0'], "--workers: expected a whole number, at least 1, found '0'"],
  ])('refuses %j', (args, message) => {
    const { status, stdout, stderr } = plasticore(['sweep', 'mnist-snn', ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('refuses an experiment of which nothing fits, with what would', () => {
    const tight = ['--set', 'hw.banks.weight.capacityBits=102400'];
    const { status, stderr } = plasticore(['sweep', 'mnist-snn', '--precision', 'mp16-8', ...tight]);
    expect(status).toBe(2);
    expect(stderr).toContain("does not fit hw-model 'reference'");
  });

  test('ends at a signal', async () => {
    const out = path('stopped');
    const slow = ['--engine', 'reference', '--limit', '2000', '--quiet'];
    const child = start(['sweep', 'mnist-snn', '--precision', 'mp16-8', ...small, ...slow, '--out', out]);
    while (!existsSync(join(out, 'mp16-8-seed1'))) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGTERM');
    const [status] = (await once(child, 'exit')) as [number | null];
    expect(status).toBe(143);
    expect(existsSync(join(out, 'summary.csv'))).toBe(false);
  });
});
