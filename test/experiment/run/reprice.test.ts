import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { repriceRun, runExperiment } from '../../../src/experiment/node.ts';
import { readPricedRun } from '../../../src/experiment/run/node-reprice.ts';
import { bundledPath } from '../../../src/fs/index.ts';
import { type Report, reprice } from '../../../src/report/index.ts';
import { PlasticoreError } from '../../../src/text/index.ts';
import { failureOf } from '../../support/errors.ts';
import { withoutEnergies } from '../../support/unstated.ts';

const shortly = { limit: 12, epochs: 2 };
/** Prices of a large network are no other ones. */
const small = ['program.populations.hidden.size=32'];
const root = mkdtempSync(join(tmpdir(), 'plasticore-reprice-'));

/** What must be equal: everything but where the report comes from, and how long it took. */
function figuresOf({ provenance: { hwModel }, timing: _, ...figures }: Report) {
  return { hwModel, ...figures };
}

/** Cores that do what `reference` does, at other costs. */
const others: readonly (readonly string[])[] = [
  [],
  ['hw.clockMhz=123.4'],
  ['hw.supplyV=0.8', 'hw.technologyNm=22'],
  ['hw.banks.state.ports={shared: 1}'],
  ['hw.banks.weight.capacityBits=8388608', 'hw.banks.shadow.readPj=1.5'],
  ['hw.operations.integer.add.unitsPerLane=2', 'hw.operations.integer.compare.unitsPerLane=2'],
  [
    'hw.overheads.fillCycles=7',
    'hw.overheads.kernelCycles=2',
    'hw.overheads.rowCycles=3',
    'hw.overheads.eventCycles=5',
  ],
  ['hw.kernels={integrate: {cyclesPerItem: 2, energyPjPerItem: 8.43, source: pipeline}}'],
  ['hw.router.pushPj=3', 'hw.staticPower.powerUw=27.3', 'hw.control.areaUm2=1'],
];

describe.each(['mp16-8', 'fp32'])('at %s', (precision) => {
  const folder = join(root, precision);
  beforeAll(() => runExperiment('mnist-snn', { ...shortly, precision, set: small, out: folder }));

  // Its other costs are those of the same code.
  const some = precision === 'fp32' ? others.slice(0, 4) : others;

  test.each(some.map((set) => ({ set })))('with $set: the report of a run of its own', async ({ set }) => {
    // The baseline has units for floats alone, no shadow weights, and other sources.
    const isFor = precision === 'fp32' ? set.filter((one) => !/integer|shadow|pipeline/.test(one)) : set;
    const { report } = await runExperiment('mnist-snn', { ...shortly, precision, set: [...small, ...isFor] });
    expect(figuresOf(repriceRun(folder, { set: isFor }))).toEqual(figuresOf(report));
  });
});

test('on another hw-model, after a run whose settings it keeps', async () => {
  const folder = join(root, 'large');
  const set = ['program.populations.hidden.size=64', 'hw.supplyV=0.8'];
  await runExperiment('mnist-snn', { ...shortly, set, out: folder });
  const { report } = await runExperiment('mnist-snn', { ...shortly, set, hw: 'large' });
  const repriced = repriceRun(folder, { hw: 'large' });
  expect(figuresOf(repriced)).toEqual(figuresOf(report));
  expect(repriced.provenance).toMatchObject({
    hwModel: 'large',
    ranOn: 'reference',
    settings: report.provenance.settings,
  });
});

test('where an epoch was chosen on samples held out, with its accuracy on these', async () => {
  const folder = join(root, 'best');
  const set = [
    ...small,
    'experiment.testEpoch=best',
    'experiment.validation={fraction: 0.25, order: stored}',
  ];
  const { report } = await runExperiment('mnist-snn', { limit: 40, epochs: 2, set, out: folder });
  const { history } = report.train;
  expect(history.some(({ validationAccuracy }) => (validationAccuracy ?? 0) > 0)).toBe(true);
  expect(figuresOf(repriceRun(folder, {}))).toEqual(figuresOf(report));
});

test('for a core whose energies nobody knows: none in any epoch, in training or in the test', async () => {
  const folder = join(root, 'unknown');
  await runExperiment('mnist-snn', { ...shortly, out: folder });
  const { report, counts, image } = readPricedRun(folder);
  const {
    train,
    test: tested,
    remarks,
  } = reprice(report, counts, {
    ...image,
    costs: withoutEnergies(image.costs),
  });
  for (const phase of [train, tested]) {
    expect(phase?.energyPj.total).toBe(null);
    expect(phase?.perSample?.energyPj).toMatchObject({ total: null, byUnit: {}, interval: null });
  }
  expect(train.history.map(({ energyPj }) => energyPj)).toEqual([null, null]);
  expect(train.counters).toEqual(report.train.counters);
  expect(remarks.filter(({ about }) => about === 'energy').map(({ text }) => text)).toEqual([
    "hw-model 'reference' has no energies: they are unknown",
  ]);
});

test('an inference-only run: the image as it was compiled', async () => {
  const folder = join(root, 'inference');
  const set = ['hw.supplyV=0.7'];
  await runExperiment('mnist-snn', { limit: 20, epochs: 0, out: folder });
  const { report } = await runExperiment('mnist-snn', { limit: 20, epochs: 0, set });
  expect(figuresOf(repriceRun(folder, { set }))).toEqual(figuresOf(report));
});

describe('banks whose cells fail', () => {
  const shortly = { limit: 5, epochs: 0 };
  const faults = (rate: string) => [`hw.faults={seed: 1, banks: [weight], bitErrorRate: ${rate}}`];

  test('as often as their supply says are not priced at another: other cells fail, and answers differ', async () => {
    const folder = join(root, 'failing');
    await runExperiment('mnist-snn', { ...shortly, set: faults('auto'), out: folder });
    expect(() => repriceRun(folder, { set: ['hw.bankSupplyV=0.6'] })).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /which differs in faults\.bitErrorRate \(\S+ in the run, \S+ in hw-model/,
        ),
        hint: 'other cells fail at another rate, which bitErrorRate: auto takes from the supply of the banks, so that answers differ: run again on the other core',
      }),
    );
  });

  test('at a stated rate are, at any supply', async () => {
    const folder = join(root, 'stated');
    const set = ['hw.bankSupplyV=0.6'];
    await runExperiment('mnist-snn', { ...shortly, set: faults('0.001'), out: folder });
    const { report } = await runExperiment('mnist-snn', { ...shortly, set: [...faults('0.001'), ...set] });
    expect(figuresOf(repriceRun(folder, { set }))).toEqual(figuresOf(report));
  });
});

describe('an hw-model of its own, named like a bundled one', () => {
  const folder = join(root, 'own');
  const file = join(root, 'own.yaml');
  const text = readFileSync(bundledPath('hw-model', 'reference'), 'utf8');
  const write = (supplyV: string) =>
    writeFileSync(file, text.replace(/^supplyV: .*$/m, `supplyV: ${supplyV}`));
  const options = { limit: 20, epochs: 1, hw: file };

  test('is priced from its file', async () => {
    expect(text).toMatch(/^name: reference$/m);
    write('0.6');
    const { report } = await runExperiment('mnist-snn', { ...options, out: folder });
    expect(report.provenance.hwModel).toBe('reference');
    expect(figuresOf(repriceRun(folder, {}))).toEqual(figuresOf(report));
    const set = ['hw.clockMhz=100'];
    const other = await runExperiment('mnist-snn', { ...options, set });
    expect(figuresOf(repriceRun(folder, { set }))).toEqual(figuresOf(other.report));
  });

  test('is refused when its file has changed or gone', () => {
    write('0.7');
    const changed = expect.objectContaining({
      file,
      message: expect.stringMatching(/^has changed since the run: .* now, .* then$/),
    });
    expect(() => repriceRun(folder, {})).toThrowError(changed);
    expect(() => repriceRun(folder, { set: ['hw.clockMhz=100'] })).toThrowError(changed);
    // Asked for by name, it is another core.
    expect(() => repriceRun(folder, { hw: file })).not.toThrow();
    rmSync(file);
    expect(() => repriceRun(folder, {})).toThrowError(/own\.yaml.*no such file/);
  });
});

// 784 rows of 16 words and 256 rows of 1, each of 128 bits: 12 800 words.
describe('what cannot be priced is refused', () => {
  const folder = join(root, 'refused');
  beforeAll(() => runExperiment('mnist-snn', { limit: 20, epochs: 1, out: folder }));

  test.each([
    { set: ['hw.lanes=8'], found: /differs in lanes \(16 in the run, 8 in hw-model 'reference'\)/ },
    {
      set: ['hw.banks.state.wordBits=128'],
      found: /differs in banks\.state\.wordBits \(256 in the run, 128 in hw-model 'reference'\)/,
    },
    {
      set: ['hw.banks.weight.capacityBits=65536'],
      found: /does not fit .*weight bank: 1 638 400 bits needed/,
    },
    {
      set: ['hw.operations.integer.multiply=null'],
      found: /differs in units \(multiply in the run, none in hw-model 'reference'\)/,
    },
    { set: ['program.parameters.gain=1'], found: /changes the program, which has run already/ },
  ])('$set', ({ set, found }) => {
    expect(() => repriceRun(folder, { set })).toThrowError(found);
    expect(() => repriceRun(folder, { set })).toThrowError(PlasticoreError);
  });

  /** What is said of a folder, and what would help. */
  function refusalOf(path: string): string {
    const { message, hint } = failureOf(() => repriceRun(path, {}));
    return `${message}; ${hint}`;
  }

  /** A folder with a file that says what it is. */
  function folderWith(name: string, file: string): string {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, file), '{}');
    return join(root, name);
  }

  test('each kind of folder by its name', () => {
    expect(refusalOf(join(folder, 'report.json'))).toMatch(
      /is a file; .*the folder that holds it: .*refused$/,
    );
    expect(refusalOf(join(root, 'nowhere'))).toMatch(/there is no such folder; /);
    expect(refusalOf(root)).toMatch(/holds no report.json; /);
    expect(refusalOf(folderWith('study', 'space.json'))).toMatch(
      /is the folder of a study, .*designs\.csv has the prices/,
    );
    expect(refusalOf(folderWith('stopped', 'checkpoint.msgpack'))).toMatch(
      /is the folder of a run that is not finished; .*finishes it/,
    );
    expect(refusalOf(folderWith('failed', 'failure.json'))).toMatch(/is the folder of a run that failed; /);
  });

  test('a run without what it has counted', async () => {
    const bare = join(root, 'bare');
    await runExperiment('mnist-snn', { limit: 20, epochs: 1, out: bare });
    rmSync(join(bare, 'counts.json'));
    expect(refusalOf(bare)).toMatch(/is the folder of a run, without its counts\.json; run it again/);
    rmSync(join(bare, 'learnt.pcore'));
    expect(refusalOf(bare)).toMatch(/is the folder of a run without an image, .*; .*plasticore run/);
  });

  test('a run on many cores', async () => {
    const many = join(root, 'many');
    await runExperiment('many-cores', { limit: 2, epochs: 0, out: many });
    expect(refusalOf(many)).toMatch(/is the folder of a run on many cores.*; run it again/);
  });
});
