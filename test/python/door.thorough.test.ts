import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { readPage } from '../package/reader.ts';
import { needs } from '../support/needs.ts';
import { root } from '../support/root.ts';
import { PythonEnvironment } from './environment.ts';

/** The program of a page: its blocks of Python, one after the other. */
const programOf = (page: string): string =>
  [...readPage(page).matchAll(/```python\n(.*?)```/gs)].map(([, block = '']) => block).join('\n');

/** What a program says in comments that its lines print. */
const saidToPrint = (program: string): string[] =>
  [...program.matchAll(/^ *print\(.*\) {2}# (.*)$/gm)].map(([, text = '']) => text);

test('what lines are said to print is found, and comments of other lines are not', () => {
  expect(saidToPrint("print(a)  # 1 b\n    print('#')  # c\nx = 1  # 2\nprint(d)\n")).toEqual(['1 b', 'c']);
});

describe('the package', needs('python'), () => {
  let environment: PythonEnvironment;
  beforeAll(() => {
    environment = new PythonEnvironment();
  }, 300_000);
  afterAll(() => environment.remove(), 60_000);

  /** What a check of door.py finds. */
  const found = (check: string): unknown => {
    const { status, stdout, stderr } = environment.run([join(root, 'test/python/door.py'), check]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout);
  };

  test('the script of docs/python.md runs from import to plot, and prints what it says', () => {
    const program = programOf('docs/python.md');
    writeFileSync(join(environment.folder, 'script.py'), program);
    const { status, stdout, stderr } = environment.run(['script.py']);
    // Nothing but results: standard error is no terminal.
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(saidToPrint(program).length).toBeGreaterThan(20);
    expect(stdout.trimEnd().split('\n')).toEqual(saidToPrint(program));
    expect(readFileSync(join(environment.folder, 'confusion.svg'), 'utf8')).toMatch(/^<svg .*<\/svg>\s*$/s);
    expect(readFileSync(join(environment.folder, 'report.html'), 'utf8')).toContain('</html>');
  }, 300_000);

  test('errors have the place and the hint that the command prints', () => {
    const [file, name, option, none, old] = found('faults') as Readonly<Record<string, unknown>>[];
    // Lines and columns of the text in door.py: `one` is behind `seeds: [`, -1 behind `epochs: `.
    expect(file).toMatchObject({
      code: 'invalid-value',
      file: 'two.yaml',
      line: 6,
      column: 9,
      others: [[7, 9]],
    });
    expect(file?.text).toMatch(/^two\.yaml:6:9: seeds\.0: .*\ntwo\.yaml:7:9: epochs: .*$/);
    expect(name).toMatchObject({ code: 'file', hint: expect.stringContaining("did you mean 'mnist-snn'?") });
    expect(option).toMatchObject({
      code: 'usage',
      option: 'limit',
      message: expect.stringContaining('--limit'),
    });
    expect(none).toMatchObject({ code: 'command', message: expect.stringContaining('no-such-program') });
    expect(old).toMatchObject({
      code: 'command',
      message: 'too old',
      hint: expect.stringContaining('PLASTICORE_COMMAND'),
    });
  }, 60_000);

  test('what Python alone can tell is refused with the keyword', () => {
    expect(found('mistakes')).toEqual([
      'experiment: expected a path or a name, found NoneType',
      "experiment: expected a path or a name, found '--help'",
      "data: expected a path, or arrays by name such as {'x': ...}, found ndarray",
      "expected text without the character NUL, found 'mnist\\x00snn'",
      'there is no file of weights here',
      'there is no report of a finished run here',
      "'true' printed no JSON",
      expect.stringMatching(/^Error: Cannot find module '\/nowhere\/main.js'$/),
    ]);
  }, 60_000);

  test('arrays and options at fault are named by keyword, and bundled files listed', () => {
    const { experiments, faults } = found('named') as {
      readonly experiments: string;
      readonly faults: readonly (readonly [string | null, string])[];
    };
    expect(experiments).toMatch(/^A spiking network .* MNIST/);
    expect(faults.map(([option]) => option)).toEqual([null, 'weights', 'set', 'limit', null]);
    const [data, weights, set, , kind] = faults.map(([, text]) => text);
    expect(data).toContain('data=');
    expect(weights).toContain('weights=');
    expect(`${data}${weights}`).not.toContain('/tmp/');
    expect(set).toContain("did you mean 'lanes'?");
    expect(kind).toBe("kind: expected one of experiments, programs, rules, hw-models, found 'chips'");
  }, 60_000);

  test('recorded spikes are rows of sample, step and neuron', () => {
    expect(found('spikes')).toEqual({
      isSame: true,
      some: true,
      refused: expect.stringMatching(/^no spikes of 'nobody' were recorded; there are /),
    });
  }, 60_000);

  test('a regression answers with values; a list is one value of a setting', () => {
    expect(found('regression')).toEqual({
      isSame: true,
      targets: true,
      refused: "there is no 'label'; there are sample, target, prediction",
      pickled: 'its files are in a temporary folder, which ends with this process',
      lists: ['--set=a.shape=[16,16]', '--set=b=2', '--vary=c=[8,8],[16,16]'],
      sizes: expect.stringMatching(/^mp|^own|^fp32/),
    });
  }, 60_000);

  test('Ctrl-C stops the command once it has left a checkpoint, from which the run goes on', () => {
    expect(found('stopped')).toEqual({
      done: expect.any(Number),
      left: ['checkpoint.msgpack'],
      children: 'none',
      notes: expect.arrayContaining([expect.stringContaining('resumed at ')]),
      isSame: true,
    });
  }, 120_000);

  test('energies that nobody knows are None, and NaN in columns', () => {
    expect(found('unknown')).toMatchObject({
      energy: null,
      repr: expect.stringMatching(/, unknown energy and [\d.]+ us a sample, /),
      html: expect.stringContaining(', unknown energy and '),
      areNan: [[true, true], [true, true], [true]],
    });
  }, 60_000);

  test('arrays go in as they came out; a folder that nobody keeps goes with its report', () => {
    const { report, figures, ...rest } = found('folders') as {
      readonly figures: readonly unknown[];
      readonly report: {
        readonly test: {
          readonly accuracy: number;
          readonly perSample: { readonly energyPj: { readonly total: number }; readonly latencyNs: number };
        };
        readonly memory: { readonly totalBits: number };
      };
    };
    const { accuracy, perSample } = report.test;
    const { totalBits } = report.memory;
    expect(figures).toEqual([accuracy, perSample.energyPj.total, perSample.latencyNs, totalBits]);
    expect(rest).toEqual({
      settings: ['hw.lanes=8'],
      isSame: true,
      isSameByReport: true,
      isWhatIsExported: true,
      hadFolder: true,
      hasFolder: false,
      svg: '<svg ',
      recorded: ['this run has recorded nothing', true],
      // Learning, confusion, and energies of learning and of testing.
      html: 4,
    });
  }, 120_000);

  test('sweeps and comparisons have a row for each cell, with or without figures', () => {
    expect(found('failed')).toEqual({
      lanes: [16, 8],
      isSame: true,
      scores: [5, 10],
      misfit: [[true, false], expect.stringContaining('shadow bank: 3 252 224 bits needed')],
      refused: expect.stringMatching(/^--seeds: '99' is not among those of the experiment/),
    });
  }, 120_000);

  test('a search has a row for each design, and a network that does not fit what would help', () => {
    expect(found('designs')).toEqual({
      lanes: [8, 8, 16, 16],
      isSame: true,
      columns: [
        'name',
        'status',
        'figures.energyPj',
        'figures.latencyNs',
        'standing',
        'frontShare',
        'reason',
      ],
      front: true,
      isReported: true,
      otherSeed: 'file',
      fits: [false, true],
      reason: expect.stringContaining('weight bank: 1 638 400 bits needed, 131 072 available'),
      // Weights of 8 bits and shadow weights of 16: (784 + 10) x 256 rows of them, padded to 16 lanes, and states.
      needs: [1_638_400, 3_276_800, 19_456],
      isMended: true,
      measured: ['low', 'high'],
    });
  }, 120_000);

  test('a network is checked with arrays, which the experiment that is left reads again', () => {
    expect(found('imported')).toEqual({
      labels: [1, 2, 3, 4],
      isSame: true,
      // 3 x 3 behind sums of 2 x 2 are 6 x 6 before them; rows, columns, channels in, channels out.
      weights: {
        inputToIf1: [5, 5, 1, 8],
        if1ToIf4: [6, 6, 8, 16],
        if4ToIf8: [7 * 7 * 16, 10],
        if8_drive: [10],
      },
      files: ['check.npz', 'weights.npz'],
      fault: expect.stringContaining("--reset: the graph has no node 'lif9'"),
      // Where it was called.
      warned: [[expect.stringContaining('no --from: the equations of NIR at their word'), 'door.py']],
    });
  }, 120_000);

  test('a bar is drawn on a terminal, over itself, and nowhere else', () => {
    const { terminal, file } = found('bar') as { readonly terminal: string; readonly file: string };
    const lines = terminal.split('\r').filter((line) => line.trim() !== '');
    expect(lines.at(-1)).toMatch(/^test \[#{24}\] 50\/50 {2}accuracy \d+\.\d %/);
    expect(terminal).not.toContain('\n');
    expect(terminal).toMatch(/\r *\r$/);
    expect(file).toBe('');
  }, 60_000);

  test('keywords are the options of the commands, all with types and docstrings', async () => {
    const described = found('keywords') as Readonly<
      Record<string, { readonly keywords: readonly string[]; readonly undocumented: readonly string[] }>
    >;
    /** Options that the package sets itself. */
    const own = ['json', 'out', 'memh', 'nir', 'weights'];
    /** Options of `inspect` that do not go with --memory, and that one itself. */
    const ofOtherViews = ['memory', 'plan', 'rtl', 'microcode', 'wat', 'seed', 'placement', 'core'];
    for (const [name, { keywords, undocumented }] of Object.entries(described)) {
      expect({ name, undocumented }).toEqual({ name, undocumented: [] });
      if (name === 'weights' || name === 'names') continue;
      const usage = { import_nir: 'import', memory: 'inspect' }[name] ?? name;
      const entry = commands.find((each) => 'usage' in each && each.usage.startsWith(`${usage} `));
      if (entry === undefined || !('usage' in entry)) throw new Error(`no command ${usage}`);
      const options = (await entry.load()).optionNames.map((option) => option.replaceAll('-', '_'));
      const offered = keywords.slice(1).map((keyword) => (keyword === 'from_' ? 'from' : keyword));
      const missing = options.filter(
        (option) => ![...offered, ...own, ...(name === 'memory' ? ofOtherViews : [])].includes(option),
      );
      const extra = offered.filter((keyword) => !options.includes(keyword));
      expect({
        name,
        missing,
        extra: extra.filter((each) => !['progress', 'command'].includes(each)),
      }).toEqual({
        name,
        missing: [],
        extra: [],
      });
    }
    expect(found('public')).toEqual([]);
  }, 60_000);

  test('npx finds the command in a project that has it', () => {
    const folder = environment.folder;
    writeFileSync(join(folder, 'package.json'), '{"name": "mine", "version": "1.0.0"}');
    spawnSync('sh', ['-c', 'mkdir -p node_modules/.bin && mv bin/plasticore node_modules/.bin/'], {
      cwd: folder,
    });
    const line = "import plasticore; print(len(plasticore.memory('784-10', precision='mp16-8')))";
    const { status, stdout, stderr } = environment.run(['-c', line]);
    spawnSync('sh', ['-c', 'mv node_modules/.bin/plasticore bin/'], { cwd: folder });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '1\n', stderr: '' });
  }, 60_000);

  test('in a notebook, reports and pictures show themselves, and runs a bar', {
    timeout: 120_000,
    ...needs('notebooks'),
  }, () => {
    expect(environment.run(['-m', 'ipykernel', 'install', '--sys-prefix']).status).toBe(0);
    const { status, stdout, stderr } = environment.run([join(root, 'test/python/notebook.py')]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { run, picture, table } = JSON.parse(stdout) as Readonly<
      Record<string, Readonly<Record<string, string>>>
    >;
    expect(run?.['text/html']).toContain('<img alt="confusion-1"');
    expect(run?.progress).toMatch(/<progress value="\d+" max="50"><\/progress> (epoch 1\/1|test) /);
    expect(run?.atTheEnd).toBe('');
    expect(picture?.['image/svg+xml']).toMatch(/^<svg /);
    expect(table?.['text/html']).toContain('<th>precision</th>');
  });
});

test('types hold, strictly', { timeout: 300_000, ...needs('mypy') }, () => {
  const files = ['python/plasticore', 'templates/rtl/host.py'];
  const { status, stdout } = spawnSync('mypy', ['--strict', '--cache-dir=/dev/null', ...files], {
    cwd: root,
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('no issues found') });
  expect(existsSync(join(root, 'python/plasticore/py.typed'))).toBe(true);
});
