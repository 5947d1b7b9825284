import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundledTexts } from '../../scripts/bundled-texts.ts';
import { newPath, withCopy } from '../../site/page/editor/new-files.ts';
import { type Design, defaultDesign } from '../../site/shared/design.ts';
import { chosen, compileDesign } from '../../site/worker/compile.ts';
import { samplesOf } from '../../site/worker/data.ts';
import { designFiles } from '../../site/worker/design-files.ts';
import { SteppedRun } from '../../site/worker/run.ts';
import { loadEmbedded } from '../../src/data/node.ts';
import { stateSha256 } from '../../src/engine/index.ts';
import { loadCell } from '../../src/experiment/index.ts';
import { bundledNames, findFile } from '../../src/fs/index.ts';
import type { Program } from '../../src/program/index.ts';
import { type Find, findAmong } from '../../src/text/index.ts';
import { commandLine } from '../cli/in-process.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';

const { folder } = scratch();

const texts = bundledTexts();
const programArrays = Object.fromEntries(
  ['programs/transfer.npz', 'programs/lifetime-edges.npz', 'programs/ranc-tea.npz'].map((path) => [
    path,
    new Uint8Array(readFileSync(new URL(`../../${path}`, import.meta.url))),
  ]),
);
/** As in the page: bundled files in memory, with edits in their place. */
const findFor = ({ edits }: Design): Find => findAmong({ ...texts, ...programArrays, ...edits });

const small = { 'experiment.limit': 40, 'experiment.epochs': 1 };
const edited = (path: string, from: string, to: string): Record<string, string> => {
  const text = texts[path] ?? '';
  expect(text).toContain(from);
  return { [path]: text.replace(from, to) };
};

/** The state at the end of the page's own run. */
async function endOfRun(design: Design): Promise<string> {
  const compiled = compileDesign(design, findFor(design));
  const data = await samplesOf(compiled, undefined, () => Promise.resolve(loadEmbedded()));
  const run = new SteppedRun(compiled.cell, data, undefined);
  while (run.part !== 'done') run.advance();
  return stateSha256(run.machine.save());
}

/** Copies of all kinds of files, each in the place of the one before it, and a rule with another text. */
function madeOnThePage(): Design {
  const mine = (design: Design, path: string, used: readonly string[]): Design =>
    withCopy(design, path, newPath('mine', path, design.edits, texts), used, texts);
  const all = [
    'experiments/mnist-snn.yaml',
    'programs/mnist-snn.yaml',
    'programs/rules/lif.uc',
    'hw-models/reference.yaml',
  ];
  const rule = mine(defaultDesign, 'programs/rules/lif.uc', all);
  const program = mine(rule, 'programs/mnist-snn.yaml', all);
  const core = mine(program, 'hw-models/reference.yaml', all);
  const made = mine(core, 'experiments/mnist-snn.yaml', all);
  const path = 'programs/rules/mine.uc';
  const text = (made.edits[path] ?? '').replace('sub      r0, r0, r2', '; No leak.');
  return { ...made, edits: { ...made.edits, [path]: text } };
}

let written = 0;

function write(files: Readonly<Record<string, string | Uint8Array>>): string {
  const into = join(folder, String(written++));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(into, name)), { recursive: true });
    writeFileSync(join(into, name), content);
  }
  return into;
}

describe('a design as files', () => {
  const designs: readonly (readonly [string, Partial<Design>])[] = [
    ['mnist-snn', {}],
    ['mnist-snn at fp32', { precision: 'fp32' }],
    ['mnist-snn at another seed, on another core', { seed: 9, hw: 'large', precision: 'mp16-12' }],
    [
      'settings',
      { settings: { 'hw.lanes': 8, 'program.populations.hidden.size': 64, 'program.parameters.gain': 1 } },
    ],
    ['another rule', { settings: { 'program.microcode.update': 'programs/rules/learn-nearest.uc' } }],
    ['an experiment whose settings name a rule', { experiment: 'rounding-truncating' }],
    [
      'a setting in place of one that the experiment makes',
      {
        experiment: 'rounding-truncating',
        settings: { 'program.microcode.update': 'programs/rules/learn.uc' },
      },
    ],
    [
      'an edited rule',
      {
        edits: edited(
          'programs/rules/lif.uc',
          'sub      r0, r0, r2',
          'sub      r0, r0, r2\n  sub      r0, r0, r2',
        ),
      },
    ],
    ['an edited program', { edits: edited('programs/mnist-snn.yaml', 'size: 256', 'size: 48') }],
    [
      'an edited core, which another extends',
      { hw: 'large', edits: edited('hw-models/reference.yaml', 'lanes: 16', 'lanes: 4') },
    ],
    [
      'an edited experiment',
      { edits: edited('experiments/mnist-snn.yaml', 'errorScale: 3', 'errorScale: 2') },
    ],
    ['a rule, a program, a core and an experiment that were made on the page', madeOnThePage()],
    ['many-cores', { experiment: 'many-cores', settings: { 'experiment.limit': 12 } }],
    ['odin-mnist', { experiment: 'odin-mnist', settings: { 'experiment.limit': 12 } }],
    ['a rule of several', { experiment: 'rules-mnist', settings: { 'experiment.program': 'mnist-ostl' } }],
    ['transfer, with arrays', { experiment: 'transfer', settings: { 'experiment.limit': 8 } }],
  ];

  test.each(designs)('runs on the command line to the same state: %s', async (_, parts) => {
    const design = { ...defaultDesign, ...parts, settings: { ...small, ...parts.settings } };
    const into = write(designFiles(design, findFor(design)));
    const report = join(into, 'report.json');
    const { status, stderr } = await commandLine(
      argv`run ${join(into, 'experiment.yaml')} --json ${report} --quiet`,
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { provenance } = JSON.parse(readFileSync(report, 'utf8')) as {
      provenance: { stateSha256: string };
    };
    expect(provenance.stateSha256).toBe(await endOfRun(design));
  });

  test('what was made on the page is what runs', () => {
    const design = madeOnThePage();
    expect(design.experiment).toBe('mine');
    const { experiment, program, hw } = compileDesign(design, findFor(design));
    expect(experiment.source.file).toBe('experiments/mine.yaml');
    expect(program.sources.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['programs/mine.yaml', 'programs/rules/mine.uc']),
    );
    expect(hw.name).toBe('mine');
    expect(Object.keys(designFiles(design, findFor(design)))).toContain('rules/mine.uc');
  });

  test('these designs are different ones', async () => {
    const states = await Promise.all(
      designs
        .filter(([name, { experiment }]) => experiment === undefined && !name.includes('edited core'))
        .map(([, parts]) =>
          endOfRun({ ...defaultDesign, ...parts, settings: { ...small, ...parts.settings } }),
        ),
    );
    expect(new Set(states).size).toBe(states.length);
  });

  test.each(bundledNames('experiment'))('%s needs no file but its own, at any precision', (experiment) => {
    const design = { ...defaultDesign, experiment };
    const files = designFiles(design, findFor(design));
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['README.md', 'experiment.yaml', 'program.yaml', 'core.yaml']),
    );
    const find = findAmong(files);
    const copied = chosen({ ...defaultDesign, experiment: 'experiment.yaml' }, find);
    const original = chosen(design, findFile);
    const { program: _, hw: __, set: ___, ...spec } = original.experiment.spec;
    expect(copied.experiment.spec).toMatchObject(spec);
    for (const precision of spec.precisions) {
      const [own, other] = [
        loadCell(copied.experiment, { precision }, find),
        loadCell(original.experiment, { precision }, findFile),
      ];
      // A bundled file of arrays has its name alone, and its copy a path.
      const named = (spec: object): string =>
        JSON.stringify(spec, (key, value: unknown) =>
          key === 'file' && typeof value === 'string' ? value.replace(/\.npz$/, '') : value,
        );
      expect(named(own.program.spec.populations)).toBe(named(other.program.spec.populations));
      const hashes = (arrays: Program['arrays']) =>
        [...arrays].map(([field, { origin }]) => [field, origin.sha256]);
      expect(hashes(own.program.arrays)).toEqual(hashes(other.program.arrays));
      expect(own.hw.name).toBe(other.hw.name);
      // A copy leaves out where its schema is, and extends a file beside it.
      const texts = ({ sources }: Program): string[] =>
        sources
          .slice(1)
          .map(({ text }) =>
            text.replace(/^# yaml-language-server.*\n/, '').replace(/^(extends: [\w-]+)\.yaml$/m, '$1'),
          );
      expect(texts(own.program)).toEqual(texts(other.program));
    }
  });

  test('comments of programs and cores stay', () => {
    const files = designFiles({ ...defaultDesign, hw: 'mesh' }, findFor(defaultDesign));
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['core.yaml', 'large.yaml', 'reference.yaml', 'rules/lif.uc']),
    );
    const mesh = (texts['hw-models/mesh.yaml'] ?? '').replace(/^# yaml-language.*\n/, '');
    expect(files['core.yaml']).toBe(
      mesh
        .replace('extends: large', 'extends: large.yaml')
        .replace('baseline: large-fp32', 'baseline: large-fp32.yaml'),
    );
  });
});
