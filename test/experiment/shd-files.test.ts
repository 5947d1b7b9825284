import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadDataset } from '../../src/data/node.ts';
import { type Report, reportFault } from '../../src/report/index.ts';
import { commandLine } from '../cli/in-process.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { writeRandomShd } from '../support/shd-files.ts';
import { thorough } from '../support/thorough.ts';

const { folder } = scratch();
const data = join(folder, 'shd');
const out = (name: string) => join(folder, name);

beforeAll(() => {
  writeRandomShd(data, { trainOfClass: 1, testOfClass: 1, spikes: 400, seed: 1 });
});

async function reportOf(name: string, ...options: readonly string[]) {
  const { status, stderr } = await commandLine(
    argv`run ${name} --data ${data} --out ${out(name)} ${options}`,
  );
  expect([status, stderr.includes('error')]).toEqual([0, false]);
  const report: unknown = JSON.parse(readFileSync(join(out(name), 'report.json'), 'utf8'));
  expect(reportFault(report)).toBeUndefined();
  return report as Report;
}

describe('files in the layout of SHD, with twenty classes', () => {
  test('are read as SHD is: 700 channels, ten speakers to train with and two more in the test set', async () => {
    const { train, test: tested } = await loadDataset(data);
    expect(train).toMatchObject({ kind: 'events', inputs: 700, classes: 20, count: 20 });
    expect(tested).toMatchObject({ kind: 'events', inputs: 700, classes: 20, count: 20 });
  });

  const others = [
    ['shd-rsnn', 0],
    ['speech-shd-rsnn', 0.5],
  ] as const;

  test.each([
    ...(thorough ? others : []),
    ['shd-snn', 0],
    // Half of the spikes of each class are in 20 of the 700 channels, which one sample teaches.
    ['speech-shd-snn', 0.5],
  ] as const)('run through %s unchanged', { timeout: 120_000 }, async (name, least) => {
    const { train, test: tested, provenance } = await reportOf(name);
    expect(provenance.data).toMatchObject({ name: 'shd', train: 20, test: 20 });
    expect(train.history).toHaveLength(provenance.epochs);
    expect(tested?.samples).toBe(20);
    expect(tested?.accuracy).toBeGreaterThanOrEqual(least);
  });

  test('have speakers to leave out for validation; the report names them', async () => {
    const options = ['--epochs', '1', '--validate', '--set', 'experiment.validation={speakers: [0, 3]}'];
    const { validation, provenance } = await reportOf('shd-snn', '--overwrite', ...options);
    const { train } = await loadDataset(data);
    const speakers = train.kind === 'events' ? [...(train.speakers ?? [])] : [];
    const held = speakers.filter((speaker) => speaker === 0 || speaker === 3).length;
    expect(validation?.samples).toBe(held);
    expect(provenance.data).toMatchObject({ train: 20 - held, validation: held });
    expect(provenance.validation).toEqual({ speakers: [0, 3], heldOut: 'by group' });
    // The same command finds its own results, another split does not.
    const again = ['run', 'shd-snn', '--data', data, '--out', out('shd-snn'), '--resume'];
    expect((await commandLine(argv`${again} ${options}`)).status).toBe(0);
    const other = options.map((option) => option.replace('[0, 3]', '[0]'));
    const { status, stderr } = await commandLine(argv`${again} ${other}`);
    expect(status).not.toBe(0);
    expect(stderr).toContain(
      "what it is scored on is speakers 0, 3 of the training set, this run's is speaker 0 of the training set",
    );
  });
});
