import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { root } from '../support/root.ts';
import { commandLine } from './in-process.ts';

interface Told {
  readonly precisions: readonly {
    readonly precision: string;
    readonly fits?: boolean;
    readonly memory: {
      readonly totalBits: number;
      readonly inferenceBits: number;
      readonly fields: readonly { readonly name: string; readonly count: number }[];
    };
  }[];
  readonly misfits: readonly { readonly precision: string; readonly reason: string }[];
}

async function told(...args: readonly string[]): Promise<Told> {
  const { status, stdout, stderr } = await commandLine(argv`inspect --memory ${args} --json`);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Told;
}

test('a precision that does not hold the weights of a program is told with its reason', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-memory-'));
  const file = join(folder, 'nine.yaml');
  // 9 takes five bits with its sign.
  writeFileSync(
    file,
    `format: plasticore/program/1
name: nine
steps: 1
input: in
populations:
  in: {size: 1}
  out: {size: 1, fields: {v: {accumulator: 16}}}
projections:
  forward: {from: in, to: out, initialWeights: {values: [9]}}
microcode:
  sum: {text: "kernel sum over row\\n  ld r0, syn.weight\\n  ld r1, post.v\\n  add r1, r1, r0\\n  st r1, post.v\\nend\\n"}
events:
  tick: [{deliver: in}]
  spike: {in: [{run: sum, over: forward}]}
readout: out.v
`,
  );
  const { precisions, misfits } = await told(file);
  expect(precisions.map(({ precision }) => precision)).toEqual([
    'mp8-8',
    'mp16-8',
    'mp16-12',
    'mp16-16',
    'fp32',
  ]);
  expect(misfits.map(({ precision }) => precision)).toEqual(['mp8-4', 'mp16-4']);
  expect(misfits[0]?.reason).toContain('forward.weight holds -8..7 in 4 bits');
  const chosen = await commandLine(argv`inspect ${file} --memory --precision mp8-4`);
  expect(chosen).toMatchObject({ status: 2, stderr: expect.stringContaining('holds -8..7 in 4 bits') });
  rmSync(folder, { recursive: true });
});

describe('a network by its layers', () => {
  test.each([
    ['784-256-10', ['784-256-10'], 'mnist-snn'],
    ['two convolutions', argv`28x28x1-10 --conv 16x5/2 --conv 32x5/2`, 'mnist-csnn'],
  ])('%s takes what the bundled program of this shape takes', async (_, layers, program) => {
    const bitsOf = ({ precisions }: Told) =>
      precisions.map(({ precision, memory: { totalBits, inferenceBits } }) => [
        precision,
        totalBits,
        inferenceBits,
      ]);
    expect(bitsOf(await told(...layers))).toEqual(bitsOf(await told(program)));
  });

  test('784-400-100-10 by hand', async () => {
    const { precisions } = await told('784-400-100-10', '--precision', 'mp16-8,mp8-4,fp32');
    const weights = 784 * 400 + 400 * 100 + 100 * 10;
    // Potentials and sums of feedback have 16 bits, traces and signals 8, and a box one.
    const hidden = 500 * (16 + 8 + 1 + 16 + 8);
    const states = 784 * 8 + hidden + 10 * (16 + 8);
    const answering = 510 * 16;
    expect(precisions.map(({ memory: { totalBits } }) => totalBits)).toEqual([
      weights * 24 + states,
      weights * 12 + states,
      weights * 32 + 784 * 32 + 500 * (4 * 32 + 1) + 10 * 64,
    ]);
    expect(precisions.map(({ memory: { inferenceBits } }) => inferenceBits)).toEqual([
      weights * 8 + answering,
      weights * 4 + answering,
      weights * 32 + 510 * 32,
    ]);
    expect(precisions.every((one) => !('fits' in one))).toBe(true);
  });

  test('neurons that hear each other have weights for it', async () => {
    const one = await told('700-256-20', '--precision', 'mp16-8');
    const other = await told('700-256-20', '--recurrent', '--precision', 'mp16-8');
    const bitsOf = ({ precisions }: Told) => precisions[0]?.memory.totalBits ?? 0;
    expect(bitsOf(other) - bitsOf(one)).toBe(256 * 256 * 24);
  });

  test('where a core is named, what does not fit it is marked, with its bits and the reason', async () => {
    const { precisions, misfits } = await told('784-400-100-10', '--hw', 'reference');
    // The bank of shadow weights has 4 194 304 bits; these are 354 600 of 16 bits.
    expect(precisions.filter(({ fits }) => fits === true).map(({ precision }) => precision)).toEqual([
      'mp8-4',
      'mp8-8',
    ]);
    expect(misfits.map(({ precision }) => precision)).toEqual([
      'mp16-4',
      'mp16-8',
      'mp16-12',
      'mp16-16',
      'fp32',
    ]);
    expect(misfits[1]?.reason).toMatch(/shadow bank: 5 7\d\d \d\d\d bits needed, 4 194 304 available/);
    const free = await told('784-400-100-10');
    expect(precisions.map(({ memory }) => memory.totalBits)).toEqual(
      free.precisions.map(({ memory }) => memory.totalBits),
    );
    const { stdout } = await commandLine(argv`inspect 784-400-100-10 --memory --hw reference`);
    expect(stdout).toMatch(/^ +fits +fits +does not fit( +does not fit){4}$/m);
  });
});

describe('an experiment', () => {
  test('names its core, and sets what its program takes', async () => {
    const asked = ['./experiments/mnist-final.yaml', '--precision', 'mp16-8'] as const;
    expect((await told(...asked)).precisions.map(({ fits }) => fits)).toEqual([true]);
    const { precisions, misfits } = await told(...asked, '--hw', 'ice40-up5k');
    expect(precisions.map((one) => one.fits)).toEqual([false]);
    expect(misfits[0]?.reason).toContain("does not fit hw-model 'ice40-up5k'");
    const more = await told(...asked, '--set', 'experiment.set={program.populations.hidden.size: 80}');
    expect(more.precisions[0]?.memory.fields.find(({ name }) => name === 'hidden.v')?.count).toBe(80);
  });

  test('that is none, and a setting of one where there is none', async () => {
    const { status, stderr } = await commandLine(
      argv`inspect programs/mnist-snn.yaml --memory --set experiment.epochs=1`,
    );
    expect([status, stderr]).toEqual([2, expect.stringContaining('there is no experiment here')]);
  });
});

test('what fit prints for a bank is taken, and said of the baseline that has no such bank', async () => {
  const { precisions, misfits } = await told(
    ...['mnist-snn', '--hw', 'reference', '--set', 'hw.banks.shadow.capacityBits=3276800'],
  );
  expect(precisions.find(({ precision }) => precision === 'mp16-8')?.fits).toBe(true);
  expect(misfits).toEqual([
    { precision: 'fp32', reason: expect.stringContaining("'banks' has no 'shadow'") },
  ]);
});

test('a graph of NIR is counted at each width of its weights', async () => {
  const { precisions } = await told(join(root, 'experiments/digits-sinabs.nir'), '--from', 'sinabs');
  expect(precisions.map(({ precision }) => precision)).toEqual(['mp16-4', 'mp16-8', 'mp16-12', 'mp16-16']);
  // As the graph has them: 8 x 1 x 5 x 5, 16 x 8 x 6 x 6 and 784 x 10.
  const weights = precisions[1]?.memory.fields.filter(({ name }) => name.endsWith('.weight'));
  expect(weights?.slice(0, 3).map(({ count }) => count)).toEqual([200, 4608, 7840]);
});

describe('what is none is refused in one message', () => {
  test.each([
    [['784'], "'784': one layer found, at least two expected"],
    [['28x28-10'], "'28x28-10': rows and columns found, and no channels"],
    [['784-0-10'], "layers of 1 to 16777216 neurons expected, '0' found"],
    [['784-x-10'], "layers of 1 to 16777216 neurons expected, 'x' found"],
    [['1x2x3x4-10'], '4 sizes of the input found, at most 3 expected'],
    [argv`784-10 --recurrent`, "--recurrent: '784-10' has no hidden layer"],
    [argv`mnist-snn --recurrent`, "--recurrent: 'mnist-snn' is no list of layers"],
    [argv`mnist-snn --conv 3x3`, "--conv: 'mnist-snn' is no list of layers"],
    [argv`28x28x1-10 --conv 16-5`, "--conv: expected channels, window and stride, found '16-5'"],
    [argv`28x28x1-10 --conv 16x50`, 'a window of 50 x 50 has no place in a layer of 28 x 28 x 1'],
    [argv`784-10 --conv 3x3`, 'give the input as rows, columns and channels: 28x28x1'],
    [argv`784-10 --from sinabs`, "--from: '784-10' is no .nir file"],
    [['./none.nir'], './none.nir'],
  ])('%j', async (args, message) => {
    const { status, stdout, stderr } = await commandLine(argv`inspect --memory ${args}`);
    expect({ status: status === 0, stdout }).toEqual({ status: false, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });
});
