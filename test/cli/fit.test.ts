import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine, refused } from './in-process.ts';

const { path } = scratch();

/** The reference core with banks of other capacities. */
function core(name: string, capacities: Readonly<Record<string, number>>): string {
  const file = path(`${name}.yaml`);
  const banks = Object.entries(capacities).map(([bank, bits]) => `  ${bank}: {capacityBits: ${bits}}\n`);
  writeFileSync(
    file,
    `format: plasticore/hw-model/1\nextends: reference\nname: ${name}\ndescription: A smaller core\nbanks:\n${banks.join('')}`,
  );
  return file;
}

/** A quarter of the memory of the reference core. */
const quarter = core('quarter', { weight: 1048576, shadow: 1048576, state: 16384 });

interface FitJson {
  readonly fits: boolean;
  readonly reason: string | null;
  readonly needs: readonly { readonly what: string; readonly needed: number; readonly available: number }[];
  readonly changes: readonly {
    readonly options: readonly string[];
    readonly kind: string;
    readonly memoryBits: number;
    readonly areaUm2: number;
    readonly cores: number;
    readonly accuracy?: number;
  }[];
}

async function json<T>(...args: readonly string[]): Promise<T> {
  const { status, stdout, stderr } = await commandLine(argv`${args} --json --quiet`);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as T;
}

const advice = (...args: readonly string[]) => json<FitJson>('fit', ...args);
/** One sample to learn and one to answer do: it is asked whether a design runs. */
const run = (...args: readonly string[]) =>
  commandLine(argv`run ${args} --limit 1 --epochs 1 --quiet --json -`);
/** An eighth of the hidden neurons, where their number is of no matter. */
const few = ['--set', 'program.populations.hidden.size=32'] as const;

describe('plasticore fit', () => {
  test('says what a network takes of a core that holds it', async () => {
    const { fits, reason, needs, changes } = await advice('mnist-snn');
    expect([fits, reason, changes]).toEqual([true, null, []]);
    // Words of 16 lanes: 784 rows of 256 columns take 16 words each, 256 rows of 10 columns one.
    const words = 784 * 16 + 256;
    expect(needs.slice(0, 2)).toEqual([
      { what: 'bits of the weight bank', bank: 'weight', needed: words * 16 * 8, available: 4194304 },
      { what: 'bits of the shadow bank', bank: 'shadow', needed: words * 16 * 16, available: 4194304 },
    ]);
  });

  test('takes the precision that the chip offers next to the one of the network, as compare does', async () => {
    const { stderr } = await commandLine(argv`fit mnist-snn --hw loihi`);
    expect(stderr).toBe('at mp9-8, the nearest to mp16-8 that loihi offers\n');
    expect(await refused(argv`fit mnist-snn --hw loihi --precision mp16-8`)).toContain('offers');
    // A change is made by its options alone.
    const { changes } = await advice('mnist-snn', '--hw', 'loihi');
    expect(changes.length).toBeGreaterThan(0);
    for (const { options } of changes) expect(options.join(' ')).toMatch(/--precision mp\d/);
  });

  test('a network that does not fit: by how much, and changes of which each compiles and runs', async () => {
    const { fits, reason, needs, changes } = await advice('mnist-snn', '--hw', quarter);
    expect(fits).toBe(false);
    expect(reason).toContain('shadow bank: 3 276 800 bits needed, 1 048 576 available');
    expect(needs[1]).toMatchObject({ bank: 'shadow', needed: 3276800, available: 1048576 });
    // From what costs least to the last resort: changes to the core by its area, whatever they are.
    const kinds = changes.map(({ kind }) => kind);
    const first = kinds.indexOf('neurons');
    expect(new Set(kinds.slice(0, first))).toEqual(new Set(['cores', 'memory', 'hw']));
    expect(new Set(kinds.slice(first))).toEqual(new Set(['neurons']));
    const areas = changes.slice(0, first).map(({ areaUm2 }) => areaUm2);
    expect(areas).toEqual([...areas].sort((a, b) => a - b));
    // 36 mm² of mesh cost more than larger banks.
    expect(kinds.indexOf('memory')).toBeLessThan(kinds.indexOf('cores'));
    // The first of each kind: it costs least.
    for (const kind of new Set(kinds)) {
      const { options = [] } = changes.find((change) => change.kind === kind) ?? {};
      const { status, stderr } = await run('mnist-snn', '--hw', quarter, ...options);
      expect([options, status, stderr]).toEqual([options, 0, '']);
    }
    // Banks that are just large enough are the words used.
    const memory = changes.find(({ kind }) => kind === 'memory');
    expect(memory?.options).toContain('hw.banks.shadow.capacityBits=3276800');
    // One neuron more than it keeps does not fit.
    const size = 'program.populations.hidden.size';
    const fewer = changes.filter(({ kind }) => kind === 'neurons').at(-1)?.options ?? [];
    expect(fewer).toEqual(['--set', `${size}=80`]);
    expect((await run('mnist-snn', '--hw', quarter, '--set', `${size}=81`)).status).toBe(2);
  });

  test('what gives up least comes first: slicing, then the widths that are nearest', async () => {
    // 8-bit copies of the weights take 1 638 400 bits.
    const small = core('small', { weight: 1200000 - (1200000 % 128) });
    const { changes } = await advice('mnist-snn', '--hw', small);
    const options = changes.map((change) => change.options.join(' '));
    expect(options.slice(0, 2)).toEqual(['--set hw.inferenceWeights=sliced', '--precision mp8-8']);
    expect(options).toContain('--precision mp16-4');
    // Copies of 12 bits take more.
    expect(options).not.toContain('--precision mp16-12');
  });

  test('a network that learns nothing needs no memory for learning', async () => {
    // Shadow weights of 16 bits take 409 600 bits.
    const small = core('inferring', { shadow: 128 * 256 });
    const { changes } = await advice('mnist-snn', '--hw', small, '--epochs', '0', ...few);
    expect(changes[0]?.options).toEqual(['--inference']);
    const [{ kind } = { kind: '' }] = (await advice('mnist-snn', '--hw', small, ...few)).changes;
    expect(kind).not.toBe('inference');
  });

  test('weights that their bank cannot hold go to the bank that has room, and the command runs', async () => {
    const part = argv`mnist-snn --hw ice40-up5k --inference --epochs 0`;
    const { changes } = await advice(...part);
    const moved = changes.filter(({ options }) => options.includes('hw.placement.weight=shadow'));
    // Weights of 8 bits take 1 626 112 of 1 048 576 bits, those of 4 bits half of them.
    const [first] = moved;
    expect(first?.options).toEqual(argv`--precision mp16-4 --set hw.placement.weight=shadow`);
    expect(first?.memoryBits).toBe(1_626_112 / 2 + 4_256);
    const { fits, needs } = await advice(...part, ...(first?.options ?? []));
    expect(fits).toBe(true);
    // Words of four weights: 784 rows of 256, and 256 rows of 10.
    const needed = (784 * 64 + 256 * 3) * 16;
    expect(needs).toContainEqual(expect.objectContaining({ what: 'bits of the shadow bank', needed }));
  });

  test('an item that is wider than a word of its bank: wider words, and the command runs', async () => {
    const part = argv`mnist-snn --precision mp8-4 --set program.populations.output.fields.signal.bits=20`;
    const narrow = argv`--set hw.lanes=1 --set hw.banks.state.wordBits=16`;
    const { reason, changes } = await advice(...part, ...narrow);
    expect(reason).toContain("an item of 20 bits does not fit a 16-bit word of bank 'state'");
    expect(changes.map(({ options }) => options)).toEqual([argv`--set hw.banks.state.wordBits=32`]);
    const wider = argv`--set hw.lanes=1 --set hw.banks.state.wordBits=32`;
    expect((await advice(...part, ...wider)).fits).toBe(true);
  });

  test('accumulators are narrowed where the core has narrower ones', async () => {
    // At 16-bit weights, potentials have 24 bits: 32 x (24 + 24) and 10 x 24 of them take more words than 16 would.
    const asked = ['mnist-snn', '--precision', 'mp16-16', ...few] as const;
    const { needs } = await advice(...asked);
    const state = needs.find(({ what }) => what === 'bits of the state bank');
    const small = core('narrow', { state: (state?.needed ?? 0) - 256 });
    const args = argv`${asked} --hw ${small}`;
    const { changes } = await advice(...args);
    const [narrowed] = changes.filter(({ kind }) => kind === 'accumulators');
    expect(narrowed?.options).toContain('program.populations.hidden.fields.v.accumulator=16');
    expect((await run(...args)).status).toBe(2);
    expect((await run(...args, ...(narrowed?.options ?? []))).status).toBe(0);
  });

  test('with --accuracy, each change with what it keeps', async () => {
    // (784 x 2 + 32) words of 128 bits are more.
    const small = core('tight', { weight: 192000 });
    const args = argv`--hw ${small} --limit 40 --epochs 1 ${few} --accuracy --workers 1`;
    const { changes } = await advice('mnist-snn', ...args);
    const sliced = changes.find(({ kind }) => kind === 'sliced');
    // Slicing changes where the weights are, not what they are.
    const whole = await commandLine(argv`run mnist-snn ${args.slice(2, 8)} --quiet --json -`);
    const report = JSON.parse(whole.stdout) as { test: { accuracy: number } };
    expect(sliced?.accuracy).toBe(report.test.accuracy);
    expect(changes.every(({ accuracy }) => accuracy !== undefined && accuracy >= 0 && accuracy <= 1)).toBe(
      true,
    );
  });

  test('as tables: what is needed, then a row for each change', async () => {
    const { status, stdout } = await commandLine(argv`fit mnist-snn --hw ${quarter}`);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^bits of the state bank +19 456 +16 384 +3 072 too many$/m);
    expect(stdout).toMatch(/^--set program.populations.hidden.size=80 .* 176 of 256 neurons in hidden$/m);
    // The banks were made larger, and their areas with them.
    expect(stdout).toMatch(/capacityBits=19456 +4 897 392 +1 +[\d.]+ +589 824 more bits/);
    expect(stdout).not.toContain('another shape');
  });

  test('a chip with too few cores gets as many columns as hold the network', async () => {
    const args = argv`many-cores --set hw.chip.mesh.columns=1 --set hw.chip.mesh.rows=1`;
    const { fits, needs, changes } = await advice(...args);
    expect(fits).toBe(false);
    const cores = needs.find(({ what }) => what === 'cores');
    expect(cores?.available).toBe(1);
    const more = changes.find(({ kind }) => kind === 'cores');
    expect(more?.options).toEqual(['--set', `hw.chip.mesh.columns=${cores?.needed}`]);
    expect((await run(...args, ...(more?.options ?? []))).status).toBe(0);
  });

  test('a chip that takes other networks: every reason, whose limit it is, and what would help', async () => {
    const network = [
      ...['fit', 'mnist-csnn', '--hw', 'speck'],
      ...['--precision', 'mp8-8', '--epochs', '0', '--quiet'],
    ];
    const { status, stdout } = await commandLine(network);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^projection 'inputToFirst' learns; hw-model 'speck' takes only fixed weights; train it .*; the same of 'firstToSecond' and 'secondToOutput'$/m,
    );
    expect(stdout.match(/takes only fixed weights/g)).toHaveLength(1);
    expect(stdout).toMatch(/\n--inference .* it cannot learn\n/);
    // Two convolutions and a dense layer: three of nine cores, 10 of 15 classes.
    const inferred = await commandLine(argv`${network} --inference`);
    expect(inferred.stdout).toMatch(/cores of a layer +3 +9 +6 free\noutputs +10 +15 +5 free\n/);
  });

  test('what fits runs as it is', async () => {
    const small = argv`--limit 10 --epochs 1`;
    const found = await json<FitJson & { accuracy: number }>(
      'fit',
      'mnist-snn',
      '--accuracy',
      '--workers',
      '1',
      ...small,
    );
    const whole = await commandLine(argv`run mnist-snn ${small} --quiet --json -`);
    const report = JSON.parse(whole.stdout) as { test: { accuracy: number } };
    expect(found.accuracy).toBe(report.test.accuracy);
    expect(await refused(argv`fit mnist-snn --data ${path('none.npz')} --quiet`)).toContain('none.npz');
  });

  test('a fault of another kind is an error', async () => {
    const stderr = await refused(argv`fit mnist-snn --hw ranc --precision mp16-8 --quiet`);
    expect(stderr).toContain('ranc');
  });
});

interface Interval {
  readonly low: number;
  readonly high: number;
}

interface CompareJson {
  readonly chips: readonly {
    readonly hw: string;
    readonly precision: string;
    readonly cores?: number;
    readonly accuracy?: number;
    readonly energyPjPerInference?: number;
    readonly energyPjInterval?: Interval;
    readonly accuracyInterval?: Interval;
    readonly reason?: string;
  }[];
}

describe('plasticore compare', () => {
  const small = argv`--limit 40 --epochs 1`;

  test('runs one network on each chip, and says why one cannot', async () => {
    const { chips } = await json<CompareJson>(
      ...['compare', 'mnist-snn', '--hw', `reference,mesh,loihi,${quarter}`, ...small, '--workers', '1'],
    );
    expect(chips.map(({ hw, precision }) => [hw, precision])).toEqual([
      ['reference', 'mp16-8'],
      ['mesh', 'mp16-8'],
      // It has no 16-bit shadow weights.
      ['loihi', 'mp9-8'],
      [quarter, 'mp16-8'],
    ]);
    const [reference, mesh, loihi, little] = chips;
    const whole = await commandLine(argv`run mnist-snn ${small} --quiet --json -`);
    const report = JSON.parse(whole.stdout) as {
      test: { accuracy: number; perSample: { energyPj: { total: number; interval: Interval } } };
    };
    expect(reference?.accuracy).toBe(report.test.accuracy);
    expect(reference?.energyPjPerInference).toBe(report.test.perSample.energyPj.total);
    expect(reference?.energyPjInterval).toEqual(report.test.perSample.energyPj.interval);
    // Wilson's interval of k right answers of n: the shares p with (k/n - p)^2 = z^2 p (1 - p) / n.
    const [share, { low, high } = { low: 0, high: 0 }] = [report.test.accuracy, reference?.accuracyInterval];
    for (const p of [low, high]) expect((share - p) ** 2).toBeCloseTo((1.96 ** 2 * p * (1 - p)) / 40, 9);
    expect(low < share && share < high).toBe(true);
    expect(mesh?.accuracy).toBe(report.test.accuracy);
    expect(loihi?.reason).toContain('arrives in the next one');
    expect(little?.reason).toContain('does not fit');
  });

  test('as a table, with a row for each chip', async () => {
    const line = argv`compare mnist-snn --hw reference,${quarter} ${small} --workers 1 --quiet`;
    const { status, stdout } = await commandLine(line);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^reference +mp16-8 +1 +4 897 392 +78 % of the bits of the shadow bank/m);
    expect(stdout).toMatch(/quarter.yaml .* does not fit/);
  });

  test('chips that refuse it for one reason share a row', async () => {
    const line = argv`compare mnist-snn --hw odin,reckon,ranc ${small} --quiet`;
    const { stdout } = await commandLine(line);
    expect(stdout).toMatch(
      /^does not run on +because\nodin, reckon, ranc +the hw-model has its own controller[^\n]*\n$/,
    );
  });

  test.each([
    ['an hw-model that is not there', argv`--hw reference,referenc`, "'referenc'"],
    ['the same with a precision', argv`--hw refrence --precision mp16-8`, "'refrence'"],
    ['an empty name', argv`--hw reference,`, '--hw: expected a list joined by commas'],
    ['what is no precision', argv`--hw reference --precision mp16`, "'mp16' is not a precision"],
    ['weights that are not there', argv`--hw reference --weights ./none.npz`, 'none.npz'],
    [
      'an encoder that is none',
      argv`--hw reference --encoder phasee`,
      "(delta and population have options: --set experiment.encoder={delta: {threshold: 4}}), found 'phasee'",
    ],
  ])('%s is an error', async (_, options, message) => {
    const stderr = await refused(argv`compare mnist-snn ${options}`);
    expect(stderr).toContain(message);
  });

  test('a graph of NIR is imported first', async () => {
    for (const command of ['run', 'fit', 'sweep']) {
      const stderr = await refused(argv`${command} ./experiments/digits-sinabs.nir`);
      expect(stderr).toContain('plasticore import');
    }
  });
});
