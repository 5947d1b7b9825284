import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeNpz } from '../../src/data/index.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

const { path } = scratch();

function spaceFile(name: string, text: string): string {
  const file = path(`${name}.yaml`);
  writeFileSync(file, `format: plasticore/space/1\n${text}`);
  return file;
}

const lanes = spaceFile(
  'lanes',
  'axes: {lanes: {path: hw.lanes, values: [8, 16]}, hw.clockMhz: [100, 200]}\n',
);
// One worker: a second one takes longer to start than it saves.
const shortly = argv`--limit 4 --epochs 1 --workers 1 --quiet`;

test('prints the front, and what each step from a design brings', async () => {
  const out = path('lanes');
  const args = argv`explore mnist-snn --space ${lanes} ${shortly} --out ${out}`;
  const first = await commandLine(argv`${args} --objectives energy,latency,area`);
  expect([first.status, first.stderr]).toEqual([0, '']);
  expect(first.stdout).toMatch(
    /^front +energy +latency +area +on the front +inference bound by\n.*surely, 100 %/,
  );
  // Twice the clock halves the time.
  const again = await commandLine(argv`${args} --resume --around mp16-8_lanes=8_clockMhz=100`);
  expect([again.status, again.stderr]).toEqual([0, '']);
  expect(again.stdout).toMatch(/from mp16-8_lanes=8_clockMhz=100 +accuracy +energy +area/);
  expect(again.stdout).toMatch(/clockMhz 100 → 200 +0.00 points/);
  const csv = readFileSync(join(out, 'designs.csv'), 'utf8').split('\n');
  expect(csv[0]).toBe(
    'design,precision,hw.lanes,hw.clockMhz,status,onFront,frontShare,accuracy,energyPj,trainingEnergyPj,latencyNs,trainingLatencyNs,powerMw,cycles,trainingCycles,trainingUpdates,areaUm2,bits,inferenceBits,reason,remarks,scoredOn,n,accuracySd,accuracySe,energyPjSd,energyPjSe,trainingEnergyPjSd,trainingEnergyPjSe,latencyNsSd,latencyNsSe,trainingLatencyNsSd,trainingLatencyNsSe,powerMwSd,powerMwSe,cyclesSd,cyclesSe,trainingCyclesSd,trainingCyclesSe,trainingUpdatesSd,trainingUpdatesSe,standing,constraintShare,accuracyError,energyPjLow,energyPjHigh,trainingEnergyPjLow,trainingEnergyPjHigh,areaUm2Low,areaUm2High',
  );
  expect(csv.length).toBe(6);
});

describe('wrong input gives one error', () => {
  const wrong = (...args: readonly string[]) => commandLine(argv`explore ${args}`);

  test.each([
    { args: ['mnist-snn'], found: "experiment 'mnist-snn' has no space to explore", help: '--space FILE' },
    { args: argv`mnist-snn --space ${path('none.yaml')}`, found: 'none.yaml: no such file' },
    {
      args: argv`mnist-snn --space ${lanes} --budget 0`,
      found:
        "--budget: expected a number of designs, such as 200, or a time, such as 90s, 10m or 2h, found '0'",
    },
    {
      args: argv`mnist-snn --space ${lanes} --budget 0m`,
      found: '--budget: expected a number of designs',
    },
    {
      args: argv`mnist-snn --space ${lanes} --budget 3`,
      found: 'the grid has 4 designs, the budget is 3',
      help: '--search random',
    },
    {
      args: argv`mnist-snn --space ${lanes} --search evolve`,
      found: "search 'evolve' needs a budget",
      help: '--budget 200',
    },
    { args: argv`mnist-snn --space ${lanes} --search hill`, found: 'hill' },
    {
      args: argv`mnist-snn --space ${lanes} --objectives speed`,
      found: "--objectives: 'speed' cannot be wanted",
    },
    {
      args: argv`mnist-snn --space ${lanes} --set hw.lanes=4`,
      found: "'hw.lanes' is set, but 'hw.lanes' is varied",
    },
    {
      args: argv`mackey-glass --space ${lanes} ${shortly}`,
      found: "accuracy cannot be wanted: program 'mackey-glass' answers with numbers",
      help: '--objectives energy,area',
    },
    { args: argv`mnist-snn --space ${lanes} --resume`, found: '--resume needs --out' },
    {
      args: argv`mnist-snn --space ${lanes} --seeds 1,x`,
      found:
        "--seeds: expected seeds of 32 bits joined by commas, or ranges of them: 1,2,5 or 1-3, found 'x'",
    },
    {
      args: argv`mnist-snn --space ${lanes} ${shortly} --around mp16-8_lanes=3`,
      found: "--around: the space has no design 'mp16-8_lanes=3'",
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

  test.each([
    {
      axis: 'experiment.epochs: [0, 1]',
      option: argv`--epochs 1`,
      found: "'experiment.epochs' is varied, but --epochs fixes it",
    },
    {
      axis: 'hw: [reference, large]',
      option: argv`--hw large`,
      found: "'experiment.hw' is varied, but --hw fixes it",
    },
    {
      axis: 'precision: [mp8-8, mp16-8]',
      option: argv`--precision fp32`,
      found: "'precision' is varied, but --precision fixes it",
    },
  ])('an option against axis $axis', async ({ axis, option, found }) => {
    const space = spaceFile('against', `axes: {${axis}}\n`);
    const { status, stderr } = await wrong('mnist-snn', '--space', space, '--limit', '20', ...option);
    expect(status).toBe(2);
    expect(stderr).toContain(found);
  });

  test('what follows from the axes does not overrule one', async () => {
    const space = spaceFile(
      'twice',
      'axes: {lanes: {path: hw.lanes, values: [8]}}\nset: {hw.lanes: lanes * 2}\n',
    );
    const { status, stderr } = await wrong('mnist-snn', '--space', space, ...shortly);
    expect(status).toBe(2);
    expect(stderr).toContain("twice.yaml:3:17: sets 'hw.lanes', which axis 'lanes' chooses");
  });

  test('leaves no space behind, so that the corrected command is accepted', async () => {
    const out = path('refused');
    const args = argv`mnist-snn ${shortly} --out ${out}`;
    const wrongPath = spaceFile('wrong-path', 'axes: {hw.lane: [8]}\n');
    const { status } = await wrong(...args, '--space', wrongPath);
    expect([status, readdirSync(out)]).toEqual([2, []]);
    const right = spaceFile('right-path', 'axes: {hw.lanes: [8]}\n');
    expect(await wrong(...args, '--space', right)).toMatchObject({ status: 0, stderr: '' });
    // What the folder held stays when a later space is refused.
    const before = readdirSync(out, { recursive: true }).sort();
    const space = readFileSync(join(out, 'space.json'), 'utf8');
    for (const how of ['--resume', '--overwrite'])
      expect((await wrong(...args, '--space', wrongPath, how)).status).toBe(2);
    expect(readdirSync(out, { recursive: true }).sort()).toEqual(before);
    expect(readFileSync(join(out, 'space.json'), 'utf8')).toBe(space);
  });

  test('with --overwrite removes nothing', async () => {
    const out = path('kept');
    const args = argv`mnist-snn --space ${lanes} ${shortly} --out ${out}`;
    await wrong(...args);
    const before = readdirSync(out, { recursive: true }).sort();
    for (const more of [argv`--search random`, argv`--data ${path('no-data')}`, argv`--around nothing`]) {
      const { status } = await wrong(...args, '--overwrite', ...more);
      expect(status).not.toBe(0);
      expect(readdirSync(out, { recursive: true }).sort()).toEqual(before);
    }
  });

  test('a folder that holds something else', async () => {
    const out = path('a-run');
    await commandLine(argv`run mnist-snn --limit 20 --epochs 1 --quiet --out ${out}`);
    const before = readdirSync(out).sort();
    const { status, stderr } = await wrong('mnist-snn', '--space', lanes, ...shortly, '--out', out);
    expect(status).toBe(2);
    expect(stderr).toContain('holds results of a run');
    expect(readdirSync(out).sort()).toEqual(before);
  });
});

describe('says what it finds', () => {
  const run = (...args: readonly string[]) => commandLine(argv`explore mnist-snn ${args}`);

  test('data that one design names and nobody has are a fault of that design', async () => {
    const images = { shape: [20, 784], data: Uint8Array.from({ length: 20 * 784 }, (_, i) => i % 256) };
    const labels = { shape: [20], data: Uint8Array.from({ length: 20 }, (_, i) => i % 10) };
    const arrays = { x: images, y: labels, x_test: images, y_test: labels };
    writeFileSync(path('tiny.npz'), writeNpz(arrays));
    const space = spaceFile('data', 'axes: {experiment.data: [./tiny.npz, ./no-such.npz]}\n');
    const { stderr, stdout } = await run('--space', space, ...shortly);
    expect(stdout).toMatch(/1 {2}failed {2}.*no-such.npz: no such file/);
    expect(stderr).toBe('');
  });

  test('how sure the front is: further seeds run near it only, and one seed is never sure of accuracies', async () => {
    const space = spaceFile(
      'near',
      'axes: {hidden: {path: program.populations.hidden.size, values: [16, 64]}, hw.clockMhz: [100, 200]}\n' +
        'constraints: [areaMm2 <= 4]\nobjectives: [accuracy, latency]\n',
    );
    const out = path('near');
    const args = argv`--space ${space} ${shortly} --out ${out}`;
    const one = await run(...args);
    expect(one.stdout).toMatch(
      /^front +accuracy +latency +on the front +constraints met +inference bound by\n/,
    );
    expect(one.stdout).toMatch(/ {2}\d+\.\d\d ± \d+\.\d\d % .* perhaps, \d+ % +\d+ %/);
    expect(one.stdout).toContain('with one seed, no accuracy is sure: --seeds 1-3');
    expect(readdirSync(join(out, 'runs')).length).toBe(2);
    const { stdout } = await run(...args, '--resume', '--seeds', '1-3');
    expect(stdout).not.toContain('with one seed');
    const { designs } = JSON.parse(readFileSync(join(out, 'study.json'), 'utf8'));
    // 100 MHz is slower and no more accurate: its designs share the runs of those at 200 MHz.
    for (const { values, standing, frontShare } of designs)
      if (values['hw.clockMhz'] === 100) expect([standing, frontShare]).toEqual(['not', 0]);
    expect(new Set(designs.map(({ n }: { n: number }) => n))).toEqual(new Set([3]));
    expect(readdirSync(join(out, 'runs')).length).toBe(6);
  });

  test('a seed that is named twice is one seed', async () => {
    const out = path('seeds');
    const { status } = await run('--space', lanes, ...shortly, '--seeds', '1,1-1', '--out', out);
    expect(status).toBe(0);
    expect(readdirSync(join(out, 'runs')).length).toBe(2);
  });

  test('an empty front, and why', async () => {
    const untrained = argv`--limit 20 --epochs 0 --workers 1 --quiet`;
    const { status, stdout } = await run('--space', lanes, ...untrained, '--objectives', 'trainingEnergy');
    expect([status, stdout.split('\n')[0]]).toEqual([
      0,
      'no design is on the front: nothing was counted for trainingEnergy',
    ]);
    const bounded = spaceFile('bounded', 'axes: {hw.lanes: [8, 16]}\nconstraints: [trainingEnergyPj < 1]\n');
    const missed = await run('--space', bounded, ...untrained.slice(0, -1));
    expect(missed.stderr).toContain('samples, engine fast; the first run tells how long they take\n');
    expect(missed.stdout).toContain('no design is on the front: none runs and meets all constraints');
    expect(missed.stdout).toContain('misses trainingEnergyPj < 1');
  });

  test('where nothing meets all constraints, how many designs meet each, and what comes nearest', async () => {
    const untrained = argv`--limit 20 --epochs 0 --workers 1 --quiet`;
    const space = spaceFile(
      'unmet',
      'axes: {hw.lanes: [8, 16]}\nconstraints: [areaMm2 <= 0.01, bits >= 1, latencyUs <= 1]\nobjectives: [latency]\n',
    );
    const { stdout } = await run('--space', space, ...untrained);
    const rows = stdout.split('\n');
    const head = rows.findIndex((row) => row.startsWith('constraint '));
    expect(rows.slice(head, head + 4)).toEqual([
      expect.stringMatching(/^constraint +met by +missed alone by +nearest$/),
      expect.stringMatching(/^areaMm2 <= 0.01 +0 of 2 +0 +mp16-8_lanes=8: [\d.]+$/),
      expect.stringMatching(/^bits >= 1 +2 of 2 +0$/),
      expect.stringMatching(/^latencyUs <= 1 +0 of 2 +0 +mp16-8_lanes=16: \d+$/),
    ]);
  });

  test('an axis without effect', async () => {
    const idle = spaceFile('idle', 'axes: {hw.lanes: [8, 16], program.description: [a, b]}\n');
    const { stdout } = await run('--space', idle, ...shortly);
    expect(stdout).toContain('axis description changes no figure');
    expect(stdout).not.toContain('axis lanes changes no figure');
  });

  test('a run of the store that is damaged runs again', async () => {
    const out = path('damaged');
    const args = argv`--space ${lanes} ${shortly} --out ${out}`;
    await run(...args);
    const before = readFileSync(join(out, 'study.json'), 'utf8');
    const [first = ''] = readdirSync(join(out, 'runs'));
    writeFileSync(join(out, 'runs', first, 'counts.json'), '{');
    const { status } = await run(...args, '--resume');
    expect(status).toBe(0);
    expect(readFileSync(join(out, 'study.json'), 'utf8')).toBe(before);
  });

  test('that the time was up', async () => {
    const { status, stdout, stderr } = await commandLine(
      argv`explore codesign-mnist --limit 2000 --budget 1s --workers 1`,
    );
    expect([status, stdout]).toEqual([0, 'no design has figures yet\n']);
    expect(stderr).toContain('the time was up before a design had figures');
  });
});
