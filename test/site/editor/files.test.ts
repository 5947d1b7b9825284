import { describe, expect, test } from 'vitest';
import { countOf, faultsOf, rangeOf } from '../../../site/page/editor/faults.ts';
import {
  firstFile,
  kindOf,
  offerFor,
  otherFiles,
  runningFiles,
  withText,
} from '../../../site/page/editor/files.ts';
import { nameParts, runningKernels, sharesOf } from '../../../site/page/editor/kernels.ts';
import { freeName, newPath, withCopy } from '../../../site/page/editor/new-files.ts';
import { assemble } from '../../../src/isa/index.ts';
import { type ErrorParts, PlasticoreError } from '../../../src/text/index.ts';
import { failureOf } from '../../support/errors.ts';
import { texts } from './known.ts';

const design = {
  experimentFile: 'experiments/many-cores.yaml',
  programFile: 'programs/mnist-snn.yaml',
  hwFile: 'hw-models/mesh.yaml',
  sources: ['programs/mnist-snn.yaml', 'programs/rules/lif.uc', 'programs/rules/learn.uc'],
};

describe('files', () => {
  test('of a design are its own, and the cores that its core extends', () => {
    expect(runningFiles(design, {}, texts)).toEqual([
      'experiments/many-cores.yaml',
      'programs/mnist-snn.yaml',
      'programs/rules/lif.uc',
      'programs/rules/learn.uc',
      'hw-models/mesh.yaml',
      'hw-models/large.yaml',
      'hw-models/reference.yaml',
    ]);
  });

  test('a core that an edit makes extend itself is listed once', () => {
    const edits = { 'hw-models/reference.yaml': 'extends: mesh\n' };
    expect(runningFiles(design, edits, texts).filter((path) => path === 'hw-models/mesh.yaml')).toHaveLength(
      1,
    );
  });

  test('all others are listed by kind: together they are every bundled text but tables of macros', () => {
    const running = runningFiles(design, {}, texts);
    const groups = otherFiles(running, {}, texts);
    const shown = Object.keys(texts).filter((path) => !path.startsWith('hw-models/macros/'));
    expect([...running, ...groups.flatMap(({ files }) => files)].sort()).toEqual(shown.sort());
    for (const { kind, files } of groups) expect(files.every((path) => kindOf(path) === kind)).toBe(true);
  });

  test('the rule that learns is shown first', () => {
    const kernels = [
      { counts: 'sop', source: { file: 'programs/rules/lif.uc' } },
      { counts: 'update', source: { file: 'programs/rules/learn.uc' } },
    ];
    expect(firstFile(design, kernels)).toBe('programs/rules/learn.uc');
    expect(firstFile(design, [])).toBe('programs/rules/lif.uc');
    expect(firstFile({ ...design, sources: [] }, [])).toBe('programs/mnist-snn.yaml');
  });

  test('a text as it was before is no edit', () => {
    const path = 'programs/rules/lif.uc';
    const edited = withText({}, path, '; mine', texts);
    expect(edited).toEqual({ [path]: '; mine' });
    expect(withText(edited, path, texts[path] ?? '', texts)).toEqual({});
  });

  test('what does not run can be run', () => {
    const offer = (path: string) => offerFor(path, 'mnist-snn', {}, texts);
    expect(offer('experiments/odin-mnist.yaml')).toMatchObject({ experiment: 'odin-mnist' });
    expect(offer('hw-models/mesh.yaml')).toEqual({ hw: 'mesh', words: 'Run mnist-snn on this core' });
    expect(offer('programs/mnist-stdp.yaml')).toMatchObject({ experiment: 'mnist-stdp' });
    expect(offer('programs/rules/odin.uc')).toMatchObject({ experiment: 'odin-mnist' });
    // mnist-feedback, rounding-… set these rules by settings: no program names them.
    expect(offer('programs/rules/learn-nearest.uc')).toBeUndefined();
  });
});

describe('new files', () => {
  const learn = 'programs/rules/learn.uc';
  const wordsOf = (asked: string, shown: string): string => {
    try {
      return newPath(asked, shown, { 'programs/rules/mine.uc': '' }, texts);
    } catch (error) {
      if (error instanceof PlasticoreError) return error.describe();
      throw error;
    }
  };

  test.each([
    ['yours', learn, 'programs/rules/yours.uc'],
    ['yours.uc', learn, 'programs/rules/yours.uc'],
    ['programs/rules/yours', learn, 'programs/rules/yours.uc'],
    ['mnist-snn', 'hw-models/reference.yaml', 'hw-models/mnist-snn.yaml'],
    ['mine', learn, "the name 'mine' is taken by programs/rules/mine.uc\n  learn-2 is free"],
    ['lif', learn, "the name 'lif' is taken by programs/rules/lif.uc\n  learn-2 is free"],
    [
      'rules/yours',
      learn,
      'a file of this kind stands in programs/rules, found rules\n  write its name alone',
    ],
    [
      'yours.yaml',
      learn,
      "expected a name of letters, digits, - and _, found 'yours.yaml'\n  .uc is added to it",
    ],
    ['', learn, "expected a name of letters, digits, - and _, found ''\n  .uc is added to it"],
  ])('%s, a copy of %s', (asked, shown, words) => {
    expect(wordsOf(asked, shown)).toBe(words);
  });

  test('a free name counts on', () => {
    expect(freeName(learn, {}, texts)).toBe('learn-2');
    expect(freeName('programs/rules/learn-2.uc', { 'programs/rules/learn-2.uc': '' }, texts)).toBe('learn-3');
  });

  test('a rule that a setting names is replaced there', () => {
    const settings = { 'program.microcode.update': 'programs/rules/learn-nearest.uc' };
    const path = 'programs/rules/mine.uc';
    const made = withCopy(
      { experiment: 'mnist-snn', settings, edits: {} },
      'programs/rules/learn-nearest.uc',
      path,
      ['programs/mnist-snn.yaml', 'programs/rules/learn-nearest.uc'],
      texts,
    );
    expect(made.settings).toEqual({ 'program.microcode.update': path });
    expect(Object.keys(made.edits)).toEqual([path]);
  });

  test('only whole names are replaced, and nothing where the file is not in use', () => {
    const design = { experiment: 'mnist-snn', settings: {}, edits: {} };
    const program = 'programs/mnist-snn.yaml';
    const made = withCopy(design, learn, 'programs/rules/mine.uc', [program, learn], texts);
    const text = texts[program] ?? '';
    expect(text).toContain('update: rules/learn.uc');
    expect(made.edits[program]).toBe(text.replace('update: rules/learn.uc', 'update: rules/mine.uc'));
    const aside = withCopy(design, learn, 'programs/rules/mine.uc', [program], texts);
    expect(aside).toEqual({ ...design, edits: { 'programs/rules/mine.uc': texts[learn] } });
  });

  test('they are listed, and gone once they are deleted', () => {
    const edits = { 'programs/rules/mine.uc': '; mine' };
    const rules = otherFiles([], edits, texts).find(({ kind }) => kind === 'microcode');
    expect(rules?.files).toContain('programs/rules/mine.uc');
    expect(withText(edits, 'programs/rules/mine.uc', undefined, texts)).toEqual({});
  });
});

describe('faults', () => {
  const file = 'programs/rules/mine.uc';
  const text =
    '; mine\nkernel k over neurons\n  ld    r0, self.v\n  mull  r1, r0, r99\n  st    r0, self.w extra\nend\n';

  const errorOf = (source: string): ErrorParts => failureOf(() => assemble(source, file)).parts;

  test('are those of the command line, each in its own words, at the word that they are about', () => {
    const error = errorOf(text);
    const faults = faultsOf(error);
    expect(faults.map(({ words }) => words).join('\n')).toBe(PlasticoreError.of(error).describe());
    const marked = faults.map((fault) => {
      const range = rangeOf(fault, text);
      return [fault.line, fault.column, range && text.slice(range.from, range.to)];
    });
    expect(marked).toEqual([
      [4, 3, 'mull'],
      [5, 20, 'extra'],
    ]);
    expect(countOf(faults)).toBe('2 faults');
  });

  test('without a column are about the line, without a line about none', () => {
    const place = (line?: number, column?: number) => {
      const range = rangeOf({ line, column }, text);
      return range && text.slice(range.from, range.to);
    };
    expect(place(3)).toBe('ld    r0, self.v');
    expect(place(3, 99)).toBe('v');
    expect(place()).toBeUndefined();
    expect(place(99, 1)).toBeUndefined();
    expect(rangeOf({ line: 1, column: 1 }, '')).toEqual({ from: 0, to: 0 });
  });

  test('that are told twice are listed once', () => {
    const parts: ErrorParts = { code: 'fit', message: 'too large', place: {} };
    expect(faultsOf({ ...parts, others: [parts] })).toHaveLength(1);
    expect(faultsOf(undefined)).toEqual([]);
  });
});

describe('running kernels', () => {
  const view = (name: string, file: string | undefined) => ({
    name,
    source: file === undefined ? undefined : { file, firstLine: 1, lastLine: 2 },
    boundBy: '',
    utilisation: {},
    intervalCycles: 1,
    counts: null,
  });
  const kernels = [
    view('learn(a)', 'x.uc'),
    view('learn(b)', 'x.uc'),
    view('fire(a)', 'y.uc'),
    view('clear a.v', undefined),
  ];

  test('are found by their file and name, one for each array that they run over', () => {
    expect(runningKernels(kernels, 'x.uc', 'learn')).toEqual([0, 1]);
    expect(runningKernels(kernels, 'y.uc', 'learn')).toEqual([]);
    expect(nameParts('synaptic(synapses, one row)')).toEqual({ kernel: 'synaptic', over: 'synapses' });
  });

  test('share the cycles of the run', () => {
    expect([...sharesOf(kernels, [10, 20, 30, 5], 100, 'x.uc')]).toEqual([['learn', 0.1 + 0.2]]);
    expect([...sharesOf(kernels, [], 0, 'y.uc')]).toEqual([['fire', 0]]);
  });
});
