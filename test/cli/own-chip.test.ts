import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hashModule } from '../../src/fs/index.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

const { folder, path } = scratch();

/** The command in the folder of the chip. */
const chip = path('tiny');
const there = (...args: readonly string[]) => commandLine(args, { cwd: chip });
const inChip = (file: string): string => readFileSync(join(chip, file), 'utf8');
const code = 'runs the code of tiny.mjs, SHA-256';
const few = argv`--limit 20`;

beforeAll(async () => {
  const { status, stdout, stderr } = await commandLine(argv`init --chip tiny`, { cwd: folder });
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: '\nnow: cd tiny && plasticore verify golden.json --chip ./tiny.mjs\n',
  });
  expect(stdout.split('\n')).toContain('tiny/rtl/tiny_tb.v');
});

describe('the chip that init writes', () => {
  test('has its name everywhere', async () => {
    for (const file of ['tiny.mjs', 'tiny.uc', 'core.yaml', 'program.yaml', 'experiment.yaml', 'README.md'])
      expect(inChip(file)).not.toMatch(/\bmine\b/);
    expect(inChip('rtl/tiny.v')).toContain('module tiny #(');
    const again = await commandLine(argv`init --chip tiny`, { cwd: folder });
    expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining('overwrites nothing') });
    for (const name of ['odin', 'My-Chip'])
      expect(await commandLine(argv`init --chip ${name}`, { cwd: folder })).toMatchObject({
        status: 2,
        stderr: expect.stringContaining(`found '${name}'`),
      });
    expect(await commandLine(argv`init`, { cwd: folder })).toMatchObject({ status: 2 });
  });

  test.each(['fast', 'reference'])('does what its RTL did, on the %s engine', async (engine) => {
    const { status, stdout, stderr } = await there(
      'verify',
      'golden.json',
      '--chip',
      './tiny.mjs',
      '--engine',
      engine,
    );
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: `golden.json: identical on engine ${engine}: 600 operations, 223 spikes, 5201 cycles\n  kernels: 3 of 3 ran, 15 of 15 instructions\n`,
    });
    expect(stderr).toBe(`${code} ${hashModule(join(chip, 'tiny.mjs'))}\n`);
  });

  test.each([
    ['a late spike', /\[56, 0\]/, '[57, 0]', 'spike, as cycle and neuron 0: expected 57,0, found 56,0'],
    [
      'a potential',
      /"potentials": \[44,/,
      '"potentials": [45,',
      'potential of neuron 0: expected 45, found 44',
    ],
    ['a cycle', /"cycles": 5201/, '"cycles": 5200', 'number of cycles 0: expected 5200, found 5201'],
  ])('finds %s in a recording', async (_, from, to, message) => {
    const text = inChip('golden.json');
    expect(from.test(text)).toBe(true);
    writeFileSync(join(chip, 'wrong.json'), text.replace(from, to));
    const { status, stderr } = await there('verify', 'wrong.json', '--chip', 'tiny.mjs');
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(message) });
  });

  test('is verified with its module alone', async () => {
    expect(await there('verify', 'golden.json')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('golden.json:2:13: format: expected plasticore-trace/1'),
    });
  });
});

describe('commands take it as they take a bundled chip', () => {
  test('run: it learns on both engines, and the report has the hash', async () => {
    const reportOn = async (engine: string): Promise<Record<string, unknown>> => {
      const out = `runs/${engine}`;
      const { status, stderr } = await there(
        'run',
        'experiment.yaml',
        ...few,
        '--engine',
        engine,
        '--out',
        out,
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining(code) });
      const { timing: _, ...report } = JSON.parse(inChip(`${out}/report.json`)) as Record<string, unknown>;
      return report;
    };
    const report = await reportOn('fast');
    expect(report).toEqual(await reportOn('reference'));
    expect(report).toMatchObject({
      provenance: { controller: { file: 'tiny.mjs', sha256: hashModule(join(chip, 'tiny.mjs')) } },
    });
    const page = await there('report', 'runs/fast', '--chip', './tiny.mjs');
    expect(page).toMatchObject({ status: 0, stderr: expect.stringContaining(code) });
    // With 20 samples it learns too little to spike for each of them.
    const silent = inChip('runs/fast/predictions.csv')
      .split('\n')
      .filter((row) => row.endsWith(',-1')).length;
    expect(silent).toBeGreaterThan(0);
    expect(inChip('runs/fast/report.html')).toContain(`${silent} without an answer are left out.`);
  });

  // On several threads: own-chip.thorough.test.ts.
  test.each([
    ['sweep', [], '2 cells', '"own_seed=2"'],
    ['explore', argv`--space space.yaml`, '2 designs from 2 runs', '"program.parameters.threshold"'],
  ])('%s', async (command, options, told, printed) => {
    writeFileSync(
      join(chip, 'space.yaml'),
      'format: plasticore/space/1\naxes: {program.parameters.threshold: [64, 32]}\nobjectives: [accuracy, energy]\n',
    );
    const line = argv`${command} experiment.yaml ${options} ${few} --workers 1 --json`;
    expect(await there(...line)).toEqual({
      status: 0,
      stdout: expect.stringContaining(printed),
      stderr: expect.stringContaining(told),
    });
  });

  test('fit and compare', async () => {
    const fit = await there('fit', 'experiment.yaml');
    expect(fit).toMatchObject({ status: 0, stdout: expect.stringContaining('It fits.') });
    const compare = await there(
      'compare',
      'experiment.yaml',
      '--hw',
      './core.yaml,reference',
      '--workers',
      '1',
      ...few,
    );
    expect(compare).toMatchObject({ status: 0, stderr: expect.stringContaining(code) });
    expect(compare.stdout).toMatch(/^\.\/core\.yaml .* 3 060 /m);
    expect(compare.stdout).toMatch(/^reference .*no controller that could trigger event 'clear'/m);
  });

  test('a core without a controller can be given one that is not there, or that does not fit', async () => {
    expect(await there('run', 'mnist-snn', '--chip', './nope.mjs')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^plasticore: --chip: '.*nope\.mjs': no such file or directory/),
    });
    expect(await there('run', 'mnist-snn', '--chip', 'tiny.mjs')).toMatchObject({
      status: 2,
      stderr: expect.not.stringContaining("there is no 'controller'"),
    });
  });

  test('trace refuses it with the words for a bundled controller that is code', async () => {
    const trace = (experiment: string) => there('trace', experiment, '--steps', '0..1', '--vcd', 'x.vcd');
    const [mine, theirs] = [await trace('experiment.yaml'), await trace('ranc-mnist')];
    expect(mine.status).toBe(2);
    expect(mine.stderr.replace(/^runs the code.*\n/, '').replace("'tiny'", "'ranc-mnist'")).toBe(
      theirs.stderr,
    );
  });

  test('golden needs a host that records', async () => {
    const { status, stderr } = await there('golden', 'experiment.yaml', '-o', 'x.json');
    expect(status).toBe(2);
    expect(stderr).toContain("'tiny' hosts a chip whose host writes no golden traces");
    expect(existsSync(join(chip, 'x.json'))).toBe(false);
  });

  test('hw show and compile name the module without running it', async () => {
    const silent = path('silent');
    cpSync(chip, silent, { recursive: true });
    writeFileSync(join(silent, 'tiny.mjs'), "throw new Error('it runs');");
    const show = await commandLine(argv`hw show ./core.yaml`, { cwd: silent });
    expect(show).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/controller +tiny, in the module tiny\.mjs/),
    });
    const compiled = await commandLine(
      argv`compile ./program.yaml --hw ./core.yaml --precision own -o tiny.pcore`,
      { cwd: silent },
    );
    expect(compiled).toMatchObject({ status: 0 });
    expect(await commandLine(argv`run tiny.pcore`, { cwd: silent })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("controller 'tiny' of the module tiny.mjs runs it, in an experiment"),
    });
    expect(await commandLine(argv`run ./experiment.yaml`, { cwd: silent })).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /^runs the code.*\nplasticore: tiny\.mjs:1: cannot be imported: Error: it runs\n.*\n$/,
      ),
    });
  });
});

test('a run is not resumed with another text of the module', async () => {
  const out = argv`--out runs/changed`;
  expect(await there('run', 'experiment.yaml', ...few, ...out)).toMatchObject({ status: 0 });
  expect(await there('run', 'experiment.yaml', ...few, ...out, '--resume')).toMatchObject({ status: 0 });
  const text = inChip('tiny.mjs');
  writeFileSync(join(chip, 'tiny.mjs'), `${text}// changed\n`);
  const { status, stderr } = await there('run', 'experiment.yaml', ...few, ...out, '--resume');
  writeFileSync(join(chip, 'tiny.mjs'), text);
  expect(status).toBe(2);
  expect(stderr).toContain('belongs to another run: the module of its controller is tiny.mjs ');
});
