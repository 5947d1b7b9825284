import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeNpz } from '../../src/data/index.ts';
import type { Report } from '../../src/report/index.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

const { folder } = scratch();

const compile = argv`compile mnist-snn --hw reference --precision mp16-8`;

test('compile --memh writes a file for each bank and a map, and nothing else', async () => {
  const rtl = join(folder, 'new', 'rtl');
  const { status, stdout, stderr } = await commandLine(argv`${compile} --memh ${rtl}`);
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  expect(stderr).toContain('shadow.memh');
  expect(readdirSync(rtl).sort()).toEqual(['map.json', 'shadow.memh', 'state.memh', 'weight.memh']);
  // 784 rows of 256 and 256 rows of 10 weights of 8 bits; the reference core's words have 128 bits.
  const words = readFileSync(join(rtl, 'weight.memh'), 'utf8')
    .split('\n')
    .filter((line) => /^[0-9a-f]{32}$/.test(line));
  expect(words).toHaveLength(784 * 16 + 256);
});

test('compile takes initial weights from a file, and says which do not fit', async () => {
  const weights = Int16Array.from({ length: 256 * 10 }, (_, i) => i - 1280);
  writeFileSync(join(folder, 'w.npz'), writeNpz({ out: { shape: [256, 10], data: weights } }));
  const path = 'program.projections.hiddenToOutput.initialWeights';
  const set = (rest = '') => ['--set', `${path}={file: ${join(folder, 'w.npz')}, array: out${rest}}`];
  const out = join(folder, 'digits.pcore');
  expect(await commandLine(argv`${compile} -o ${out} ${set()}`)).toMatchObject({ status: 0 });
  expect((await commandLine(argv`inspect ${out}`)).stdout).toMatch(
    /hiddenToOutput\.shadow +w\.npz: out x 1, SHA-256 [0-9a-f]{64}/,
  );
  expect(await commandLine(argv`${compile} -o ${out} ${set(', scale: 100')}`)).toEqual({
    status: 2,
    stdout: '',
    stderr: `plasticore: --set ${path}: ${join(folder, 'w.npz')}: out[0, 0] is -128000 (-1280 x 100); hiddenToOutput.shadow holds -32767..32767 in 16 bits\n`,
  });
  expect(await commandLine([...compile, '-o', out, '--set', `${path}={file: none.npz}`])).toEqual({
    status: 2,
    stdout: '',
    stderr: `plasticore: --set ${path}: 'none.npz': no such file or directory (relative to ${process.cwd()})\n`,
  });
});

test('inspect prints plans in words and the module as WebAssembly text, one at a time', async () => {
  const plan = await commandLine(argv`inspect mnist-snn --plan`);
  expect(plan.stdout).toContain("; rows     that of the event's neuron\n");
  expect((await commandLine(argv`inspect mnist-snn --wat`)).stdout).toMatch(
    /^\(module\n {2}\(type .*\n\)\n$/s,
  );
  expect(await commandLine(argv`inspect mnist-snn --wat --plan`)).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'plasticore: --json, --plan, --rtl, --microcode, --wat and --memory print different things\n  choose one of them; only --rtl and --memory go with --json\n',
  });
});

test('compile asks where to write', async () => {
  expect(await commandLine(compile)).toEqual({
    status: 2,
    stdout: '',
    stderr: 'plasticore: missing: --out, --memh, --microcode or --write-placement\n',
  });
});

test('inspect marks the energies that rest on figures stated for another shape, and no others', async () => {
  const unit = '{unitsPerLane: 1, energyPj: {32: 0.05}, areaUm2: 53, source: pipeline}';
  const classes = ['move', 'add', 'multiply', 'shift', 'compare', 'logic', 'random'];
  const core = join(folder, 'stated.yaml');
  writeFileSync(
    core,
    `format: plasticore/hw-model/1
name: stated
extends: reference
operations: {integer: {${classes.map((name) => `${name}: ${unit}`).join(', ')}}}
banks: {state: {readPj: 37, writePj: 39, leakUw: 6, areaUm2: 11140, source: pipeline}}
`,
  );
  const inspected = async (setting: string): Promise<string> =>
    (await commandLine(argv`inspect mnist-snn --hw ${core} --set ${setting}`)).stdout.replace(/ +/g, ' ');
  // Energies of the lanes hold for any bank.
  const banks = await inspected('hw.banks.state.wordBits=128');
  expect(banks).not.toMatch(/^leak\(output\).* \*/m);
  expect(banks).toContain(
    'figures stated for another shape of the core, on which none of these energies rests:\n',
  );
  expect(banks).toContain('readPj, writePj, leakUw of banks.state: stated for words of 256 bits');
  const supply = await inspected('hw.supplyV=0.7');
  expect(supply).toMatch(/^leak\(output\)( [\d.]+){4} \* /m);
  expect(supply).not.toMatch(/^any output\.signal.* \*/m);
  expect(supply).toContain('\n* rests on figures stated for another shape of the core:\n');
});

test('compile writes where the neurons are on a chip, and reads it back', async () => {
  const onMesh = argv`mnist-snn --hw mesh --precision mp16-8`;
  const [first, second] = [join(folder, 'first.yaml'), join(folder, 'second.yaml')];
  const set = argv`--set program.placement.cores=4`;
  expect(await commandLine(argv`compile ${onMesh} ${set} --write-placement ${first}`)).toEqual({
    status: 0,
    stdout: '',
    stderr: `${first}: mnist-snn on 4 cores of mesh\n`,
  });
  await commandLine(argv`compile ${onMesh} --placement ${first} --write-placement ${second}`);
  expect(readFileSync(second, 'utf8')).toBe(readFileSync(first, 'utf8'));
  expect(readFileSync(first, 'utf8').match(/: \d$/gm)).toHaveLength(6);
  const plan = (await commandLine(argv`inspect ${onMesh} --placement ${first}`)).stdout;
  expect(plan).toMatch(/^core +x, y +neurons +weight +shadow +state +bits +copies +sums$/m);
  expect(plan).toContain('mesh of 4 x 2 tiles, 8 cores');
  const { chip } = JSON.parse(
    (await commandLine(argv`inspect ${onMesh} --placement ${first} --json`)).stdout,
  );
  expect(chip.cores).toHaveLength(4);
  expect(chip.cores[0].banks.map(({ name }: { name: string }) => name)).toEqual([
    'weight',
    'shadow',
    'state',
  ]);
});

test('a core alone has no placement', async () => {
  const out = join(folder, 'alone.yaml');
  const line = [
    ...['compile', 'mnist-snn', '--hw', 'reference'],
    ...['--precision', 'mp16-8', '--write-placement', out],
  ];
  expect(await commandLine(line)).toEqual({
    status: 2,
    stdout: '',
    stderr:
      "plasticore: --write-placement: hw-model 'reference' has one core: there is nothing to place\n" +
      '  choose an hw-model with `chip`, such as mesh\n',
  });
});

test('compile --inference leaves out what serves learning alone, and such an image only tests', async () => {
  const out = join(folder, 'inference.pcore');
  expect(await commandLine(argv`${compile} --inference -o ${out}`)).toMatchObject({ status: 0 });
  const { stdout } = await commandLine(argv`inspect ${out}`);
  expect(stdout).toContain('inputToHidden.weight');
  expect(stdout).not.toMatch(/shadow\b.*16 bit|learn\(|hidden\.trace/);
  const report = async (...line: string[]): Promise<Report> =>
    JSON.parse((await commandLine(argv`run ${line} --limit 40 --json -`)).stdout);
  const image = await report(out);
  const given = await report('mnist-snn', '--inference');
  const whole = await report('mnist-snn', '--epochs', '0');
  for (const { train, test: scored, provenance } of [image, given]) {
    expect({ epochs: provenance.epochs, samples: train.samples }).toEqual({ epochs: 0, samples: 0 });
    expect(scored?.accuracy).toBe(whole.test?.accuracy);
    expect(scored?.counters.spikes).toEqual(whole.test?.counters.spikes);
  }
  expect(given.provenance.inference).toBe(true);
  expect(given.memory.totalBits).toBe(whole.memory.inferenceBits);
});

test('a core that only infers takes no epochs, and an image stays as compiled', async () => {
  expect(await commandLine(argv`run mnist-snn --inference --epochs 1`)).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'plasticore: --epochs 1: a core that only infers learns nothing\n  leave out --epochs or --inference\n',
  });
  expect(await commandLine(argv`run ${join(folder, 'inference.pcore')} --inference`)).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'plasticore: --inference: an image is already compiled\n  plasticore compile PROGRAM --inference compiles it again\n',
  });
});

test('a placement is no program', async () => {
  const file = join(folder, 'taken.yaml');
  writeFileSync(file, 'format: plasticore/placement/1\npopulations: {}\n');
  expect(await commandLine(argv`compile ${file} --hw mesh --precision mp16-8 -o x.pcore`)).toEqual({
    status: 2,
    stdout: '',
    stderr:
      `plasticore: ${file}:1:9: format: this is a placement ('plasticore/placement/1'); a program is expected here\n` +
      '  --placement of plasticore compile, inspect, run and sweep takes placements\n',
  });
});

test('compile writes an image of all cores of a chip, which inspect and export take', async () => {
  const out = join(folder, 'chip.pcore');
  const four = argv`--set program.placement.cores=4`;
  const line = argv`compile mnist-snn --hw mesh --precision mp16-8 ${four} -o ${out}`;
  const compiled = await commandLine(line);
  expect(compiled).toMatchObject({ status: 0, stdout: '' });
  const inspected = await commandLine(argv`inspect ${out} --json`);
  const { chip } = JSON.parse(inspected.stdout) as { chip: { cores: { core: number }[] } };
  expect(chip.cores).toHaveLength(4);
  const memories = join(folder, 'chip-memories');
  expect(await commandLine(argv`export ${out} --memh ${memories}`)).toMatchObject({ status: 0 });
  expect(readdirSync(memories).sort()).toEqual(chip.cores.map(({ core }) => `core${core}`).sort());
});
