import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundledTexts } from '../../scripts/bundled-texts.ts';
import { type Design, defaultDesign } from '../../site/shared/design.ts';
import type { GraphOptions } from '../../site/shared/graphs.ts';
import { compileDesign } from '../../site/worker/compile.ts';
import { samplesOf } from '../../site/worker/data.ts';
import { loaderOf } from '../../site/worker/dropped.ts';
import { findWith } from '../../site/worker/edits.ts';
import { graphView } from '../../site/worker/graph-options.ts';
import { designOfGraph } from '../../site/worker/graphs.ts';
import { SteppedRun } from '../../site/worker/run.ts';
import { type Dataset, writeNpz } from '../../src/data/index.ts';
import { loadEmbedded } from '../../src/data/node.ts';
import { stateSha256 } from '../../src/engine/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { canLearn } from '../../src/image/index.ts';
import { readDrift } from '../../src/report/index.ts';
import { asFlag } from '../../src/text/index.ts';
import { commandLine } from '../cli/in-process.ts';
import { battery, bytesOf, paper } from '../nir/files.ts';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { dropped, refusal } from './dropped-files.ts';

const { folder } = scratch();

const texts = bundledTexts();
const findFor = ({ edits }: Pick<Design, 'edits'>) => findWith(texts, findFile, edits);
const digits = (): Promise<Dataset> => Promise.resolve(loadEmbedded());
const graph = dropped('experiments/digits-sinabs.nir');

/** What the page and the command line make of a graph and its samples, and the states in which their runs end. */
async function bothOf(name: string, nir: Uint8Array, npz: Uint8Array, options: GraphOptions) {
  const path = (end: string): string => join(folder, `${name}${end}`);
  writeFileSync(path('.nir'), nir);
  writeFileSync(path('.npz'), npz);
  const samples = dropped(path('.npz'));
  const page = await designOfGraph(dropped(path('.nir')), { ...options, samples }, findFile, digits);
  const compiled = compileDesign(page.design, findFor(page.design));
  const own = loaderOf([samples]);
  await own({ arrays: page.arrays });
  const run = new SteppedRun(compiled.cell, await samplesOf(compiled, own, digits), undefined);
  while (run.part !== 'done') run.advance();

  const flags = Object.entries(options).flatMap(([key, value]) => asFlag(key, String(value)).split(' '));
  const imported = await commandLine(
    argv`import ${path('.nir')} ${flags} --check ${path('.npz')} -o ${path('')}`,
  );
  expect(imported.status, imported.stderr).toBe(0);
  const report = path('.json');
  const ran = await commandLine(argv`run ${join(path(''), 'experiment.yaml')} --json ${report} --quiet`);
  expect(ran.status, ran.stderr).toBe(0);
  const { bySample } = readDrift(readFileSync(join(path(''), 'drift.json'), 'utf8'), 'drift.json');
  const { provenance } = JSON.parse(readFileSync(report, 'utf8')) as { provenance: { stateSha256: string } };
  return {
    page: {
      answers: page.answers,
      program: Object.entries(page.design.edits).find(([edited]) => /^programs\/.*yaml$/.test(edited))?.[1],
      state: stateSha256(run.machine.save()),
    },
    command: {
      answers: bySample.map(({ integer }) => integer),
      program: readFileSync(join(path(''), 'program.yaml'), 'utf8'),
      state: provenance.stateSha256,
    },
  };
}

/** The samples of the paper's neuron: a column of spikes, a step in each row. */
function paperSamples(): Uint8Array {
  const rows = new TextDecoder().decode(bytesOf(paper, 'lif_rockpool.csv')).trim().split('\n');
  const data = Uint8Array.from(rows, (row) => Number(row.split(',')[0]));
  return writeNpz({ input: { shape: [1, rows.length, 1], data } });
}

describe('a graph on the page answers as on the command line', () => {
  const ofBattery = (name: string) =>
    [bytesOf(battery, `${name}.nir`), bytesOf(battery, `${name}.npz`)] as const;
  /** 2^-10 s. */
  const dt = '0.0009765625';

  test('of Rockpool, from the paper on NIR', async () => {
    const nir = bytesOf(paper, 'lif_rockpool.nir');
    const { page, command } = await bothOf('lif_rockpool', nir, paperSamples(), {
      from: 'rockpool',
      dt: '1e-4',
      steps: 1000,
    });
    expect(page).toEqual(command);
  }, 60_000);

  test.each<[string, string, GraphOptions]>([
    ['at its word, with a time of a step', 'lif', { dt, steps: 40 }],
    ['as Norse writes it', 'recurrent_linear', { from: 'norse', steps: 40 }],
    ['as SpikingJelly writes it', 'if', { from: 'spikingjelly', steps: 40 }],
    ['with a constant input', 'cubalif', { dt, steps: 40, input: 'constant', scale: '1/4' }],
  ])(
    'of the battery, %s',
    async (_, name, options) => {
      const { page, command } = await bothOf(name, ...ofBattery(name), options);
      expect(page).toEqual(command);
    },
    60_000,
  );

  test('of the battery, with values in steps', async () => {
    const data = Float32Array.from({ length: 2 * 40 * 4 }, (_, at) => (at % 7) / 7);
    const npz = writeNpz({ input: { shape: [2, 40, 4], data } });
    const options = { dt, steps: 40, input: 'values', scale: '1', offset: '-1/8' };
    const { page, command } = await bothOf('values', bytesOf(battery, 'lif.nir'), npz, options);
    expect(page).toEqual(command);
  }, 60_000);

  const networks = process.env.PLASTICORE_NIR;
  test.each([
    ['a1_snntorch_leaky', 'snntorch', 20],
    ['a3_snntorch_rleaky', 'snntorch', 100],
    ['a5_sinabs_conv', 'sinabs', 24],
  ])('%s', { timeout: 300_000, ...needs('nir') }, async (name, from, steps) => {
    const [nir, npz] = ['nir', 'npz'].map((end) => dropped(join(networks ?? '', `${name}.${end}`)).bytes);
    if (nir === undefined || npz === undefined) throw new Error(name);
    const { page, command } = await bothOf(name, nir, npz, { from, steps });
    expect(page).toEqual(command);
  });
});

describe('before it is imported, a graph says what it is', () => {
  test.each([
    ['digits', graph.bytes, [1, 28, 28], true],
    ['paper', bytesOf(paper, 'lif_rockpool.nir'), [1], false],
  ])('%s', async (name, bytes, input, takesDigits) => {
    expect(await graphView({ name, bytes })).toMatchObject({ input, takesDigits });
  });

  test('its layers are told in their order', async () => {
    const { layers } = await graphView({ name: 'lif', bytes: bytesOf(battery, 'lif.nir') });
    expect(layers).toEqual(['LIF 4']);
  });

  test('a broken one is refused at once', async () => {
    const bytes = bytesOf(battery, 'broken_missing_parameter.nir');
    expect(await refusal(graphView({ name: 'a.nir', bytes }))).toContain(
      "a.nir: node 'lif': the LIF has no tau",
    );
  });
});

describe('a graph of NIR', () => {
  test('becomes what plasticore import makes of it, and runs', async () => {
    const into = join(folder, 'net');
    const { status } = await commandLine(
      argv`import experiments/digits-sinabs.nir --from sinabs --steps 24 --calibrate digits --check digits
        --encoder phase --limit 100 -o ${into}`,
    );
    expect(status).toBe(0);
    const { design, answers, fault } = await designOfGraph(
      graph,
      { from: 'sinabs', steps: 24 },
      findFile,
      digits,
    );
    expect(fault).toBeUndefined();
    const { bySample } = readDrift(readFileSync(join(into, 'drift.json'), 'utf8'), 'drift.json');
    expect(answers).toEqual(bySample.map(({ integer }) => integer));
    expect(design.edits['programs/digits-sinabs.yaml']).toBe(
      readFileSync(join(into, 'program.yaml'), 'utf8'),
    );
    const weights = design.edits['programs/weights.npz'] ?? '';
    expect(
      Buffer.from(weights.replace('base64,', ''), 'base64').equals(readFileSync(join(into, 'weights.npz'))),
    ).toBe(true);

    const compiled = compileDesign(design, findFor(design));
    // It has no rule: nobody can teach it, as one can the networks that come with the page.
    expect(canLearn(compiled.cell.image)).toBe(false);
    expect(canLearn(compileDesign(defaultDesign, findFile).cell.image)).toBe(true);
    const data = await samplesOf(compiled, undefined, digits);
    const run = new SteppedRun(compiled.cell, { ...data, test: { ...data.test, count: 100 } }, undefined);
    while (run.part !== 'done') run.advance();
    // It was trained on these digits; chance is a tenth.
    expect(run.testAccuracy).toBeGreaterThan(0.8);
  }, 120_000);

  test('that never spikes is told as a fault, not as agreement', async () => {
    const { fault, notes, figures } = await designOfGraph(graph, { steps: 24 }, findFile, digits);
    expect(fault).toMatch(
      /^no neuron of '.*' spikes in 100 samples: is the network from another framework\?$/,
    );
    expect(notes.join()).not.toContain('no spike');
    expect(figures.map(({ name }) => name)).not.toContain('integers answer as floats do');
  });

  test('that is none says so', async () => {
    expect(
      await refusal(
        designOfGraph({ name: 'a.nir', bytes: new Uint8Array(9) }, { steps: 9 }, findFile, digits),
      ),
    ).toContain('a.nir: not an HDF5 file');
  });

  test.each<[GraphOptions, string]>([
    [{ from: 'sinab', steps: 9 }, "unknown framework 'sinab'"],
    [{ input: 'value', steps: 9 }, "unknown kind of input 'value'"],
    [{ dt: '-1', steps: 9 }, "'dt': expected a time above 0, found -1"],
    [{ input: 'constant', scale: '1/x', steps: 9 }, "'scale': '1/x': 'x' is not defined"],
  ])('is refused for %o', async (options, words) => {
    expect(await refusal(designOfGraph(graph, options, findFile, digits))).toContain(words);
  });
});
