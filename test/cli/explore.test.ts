import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { commandLine } from './in-process.ts';
import { plasticore } from './spawn.ts';

const root = mkdtempSync(join(tmpdir(), 'plasticore-explore-cli-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function spaceFile(name: string, text: string): string {
  const file = join(root, `${name}.yaml`);
  writeFileSync(file, `format: plasticore/space/1\n${text}`);
  return file;
}

const lanes = spaceFile(
  'lanes',
  'axes: {lanes: {path: hw.lanes, values: [8, 16]}, hw.clockMhz: [100, 200]}\n',
);
const shortly = ['--limit', '20', '--epochs', '1', '--quiet'];

test('prints the front, and what each step from a design brings', () => {
  const out = join(root, 'lanes');
  const args = ['explore', 'mnist-snn', '--space', lanes, ...shortly, '--out', out];
  const first = plasticore([...args, '--objectives', 'energy,latency,area']);
  expect([first.status, first.stderr]).toEqual([0, '']);
  expect(first.stdout).toMatch(/^front +energy +latency +area +in draws +inference bound by\n/);
  // Twice the clock halves the time.
  const again = plasticore([...args, '--resume', '--around', 'mp16-8_lanes=8_clockMhz=100']);
  expect([again.status, again.stderr]).toEqual([0, '']);
  expect(again.stdout).toMatch(/from mp16-8_lanes=8_clockMhz=100 +accuracy +energy +area/);
  expect(again.stdout).toMatch(/clockMhz 100 → 200 +0.00 points/);
  const csv = readFileSync(join(out, 'explore.csv'), 'utf8').split('\n');
  expect(csv[0]).toBe(
    'design,precision,hw.lanes,hw.clockMhz,status,onFront,frontShare,accuracy,energyPj,trainingEnergyPj,latencyNs,trainingLatencyNs,areaUm2,bits,inferenceBits,reason,remarks',
  );
  expect(csv.length).toBe(6);
});

describe('wrong input gives one error', () => {
  const wrong = (...args: readonly string[]) => commandLine(['explore', ...args]);

  test.each([
    { args: ['mnist-snn'], found: "experiment 'mnist-snn' has no space to explore", help: '--space FILE' },
    { args: ['mnist-snn', '--space', join(root, 'none.yaml')], found: 'none.yaml: no such file' },
    {
      args: ['mnist-snn', '--space', lanes, '--budget', '0'],
      found:
        "--budget: expected a number of designs, such as 200, or a time, such as 90s, 10m or 2h, found '0'",
    },
    {
      args: ['mnist-snn', '--space', lanes, '--budget', '0m'],
      found: '--budget: expected a number of designs',
    },
    {
      args: ['mnist-snn', '--space', lanes, '--budget', '3'],
      found: 'the grid has 4 designs, the budget is 3',
      help: '--search random',
    },
    {
      args: ['mnist-snn', '--space', lanes, '--search', 'evolve'],
      found: "search 'evolve' needs a budget",
      help: '--budget 200',
    },
    { args: ['mnist-snn', '--space', lanes, '--search', 'hill'], found: 'hill' },
    {
      args: ['mnist-snn', '--space', lanes, '--objectives', 'speed'],
      found: "--objectives: 'speed' cannot be wanted",
    },
    {
      args: ['mnist-snn', '--space', lanes, '--set', 'hw.lanes=4'],
      found: "'hw.lanes' is set, but 'hw.lanes' is varied",
    },
    { args: ['mnist-snn', '--space', lanes, '--resume'], found: '--resume needs --out' },
    {
      args: ['mnist-snn', '--space', lanes, '--seeds', '1,x'],
      found: "--seeds: expected seeds of 32 bits joined by commas, found 'x'",
    },
    {
      args: ['mnist-snn', '--space', lanes, ...shortly, '--around', 'mp16-8_lanes=3'],
      found: "no design that the search has looked at is called 'mp16-8_lanes=3'",
    },
  ])('$args', async ({ args, found, help = '' }) => {
    const { status, stdout, stderr } = await wrong(...args);
    expect([status === 0, stdout]).toEqual([false, '']);
    expect(stderr).toContain(found);
    expect(stderr).toContain(help);
  });

  test('an axis that names nothing is a fault of all designs', async () => {
    const none = spaceFile('none', 'axes: {hw.lane: [8, 16]}\n');
    const { status, stderr } = await wrong('mnist-snn', '--space', none, ...shortly);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/none.yaml:2:17: unknown key 'lane'; did you mean 'lanes'/);
  });

  test('a constraint over what is no figure', async () => {
    const odd = spaceFile('odd', 'axes: {hw.lanes: [8]}\nconstraints: [areaCm2 < 1]\n');
    const { status, stderr } = await wrong('mnist-snn', '--space', odd, ...shortly);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/odd.yaml:3:15: .*'areaCm2' is not defined.*areaUm2|areaMm2/s);
  });

  test('a folder that holds something else', async () => {
    const out = join(root, 'a-run');
    await commandLine(['run', 'mnist-snn', ...shortly, '--out', out]);
    const before = readdirSync(out).sort();
    const { status, stderr } = await wrong('mnist-snn', '--space', lanes, ...shortly, '--out', out);
    expect(status).toBe(2);
    expect(stderr).toContain('holds results of a run');
    expect(readdirSync(out).sort()).toEqual(before);
  });
});
