import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { repriceRun, runExperiment } from '../../../src/experiment/node.ts';
import type { Report } from '../../../src/report/index.ts';
import { PlasticoreError } from '../../../src/text/index.ts';

const shortly = { limit: 40, epochs: 2 };
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
  beforeAll(() => runExperiment('mnist-snn', { ...shortly, precision, out: folder }));

  test.each(others.map((set) => ({ set })))('with $set: the report of a run of its own', async ({ set }) => {
    // The baseline has units for floats alone, no shadow weights, and other sources.
    const isFor = precision === 'fp32' ? set.filter((one) => !/integer|shadow|pipeline/.test(one)) : set;
    const { report } = await runExperiment('mnist-snn', { ...shortly, precision, set: isFor });
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

// 784 rows of 16 words and 256 rows of 1, each of 128 bits: 12 800 words.
describe('what cannot be priced is refused', () => {
  const folder = join(root, 'refused');
  beforeAll(() => runExperiment('mnist-snn', { limit: 20, epochs: 1, out: folder }));

  test.each([
    { set: ['hw.lanes=8'], found: /differs in lanes \(16 in the run, 8 in hw-model 'reference'\)/ },
    { set: ['hw.banks.state.wordBits=128'], found: /differs in banks/ },
    {
      set: ['hw.banks.weight.capacityBits=65536'],
      found: /does not fit .*weight bank: 1 638 400 bits needed/,
    },
    { set: ['hw.operations.integer.multiply=null'], found: /differs in units/ },
    { set: ['program.parameters.gain=1'], found: /changes the program, which has run already/ },
  ])('$set', ({ set, found }) => {
    expect(() => repriceRun(folder, { set })).toThrowError(found);
    expect(() => repriceRun(folder, { set })).toThrowError(PlasticoreError);
  });

  test('a folder without a run', () => {
    expect(() => repriceRun(root, {})).toThrowError(/holds no report.json/);
  });
});
