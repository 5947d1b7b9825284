import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './format.ts';
import { textTable } from './text-table.ts';

/*
 * tsx test/bench/before.ts COMMIT [--rounds N] [--data DIR] [--only kernels|runs]
 *
 * This tree beside an earlier commit, both built here and run in turns, so that whatever else the machine does burdens
 * both alike. Each figure is a median, and its ratio above 1 says that this tree is the faster one:
 *
 * - the rows of `npm run bench -- --compare`, each tree by its own benchmark;
 * - one epoch of MNIST, as files in DIR (else of the embedded digits): training and test samples a second;
 * - the README's main command as a whole process, and the time until its first sample.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    data: { type: 'string' },
    only: { type: 'string' },
  },
});
const [commit] = positionals;
if (commit === undefined) throw new Error('which commit? tsx test/bench/before.ts COMMIT');
const rounds = Number(values.rounds);
const here = fileURLToPath(new URL('../../', import.meta.url));

/** Values of each figure, in the order of the rounds. */
type Figures = Map<string, number[]>;

interface Tree {
  readonly name: string;
  readonly root: string;
  readonly figures: Figures;
}

const scratch = mkdtempSync(join(tmpdir(), 'plasticore-before-'));
const root = join(scratch, 'tree');
try {
  git('worktree', 'add', '--detach', '--quiet', root, commit);
  const hasSameLock = readFileSync(join(here, 'package-lock.json')).equals(
    readFileSync(join(root, 'package-lock.json')),
  );
  if (hasSameLock) symlinkSync(join(here, 'node_modules'), join(root, 'node_modules'));
  else execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: root, stdio: 'ignore' });
  const trees: readonly Tree[] = [
    { name: 'before', root, figures: new Map() },
    { name: 'now', root: here, figures: new Map() },
  ];
  for (const tree of trees) execFileSync('npm', ['run', 'build'], { cwd: tree.root, stdio: 'ignore' });
  for (let round = 0; round < rounds; round++) {
    // Who comes first changes, so that neither always runs on the warmer machine.
    for (const tree of round % 2 === 0 ? trees : trees.toReversed()) {
      if (values.only !== 'runs') timeKernels(tree);
      if (values.only !== 'kernels') timeRuns(tree);
    }
    process.stderr.write(`round ${round + 1} of ${rounds}, load ${loadavg()[0]?.toFixed(1)}\n`);
  }
  console.log(compare(trees));
} finally {
  git('worktree', 'remove', '--force', root);
  rmSync(scratch, { recursive: true, force: true });
}

function git(...args: string[]): void {
  execFileSync('git', args, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });
}

function note({ figures }: Tree, figure: string, value: number): void {
  figures.set(figure, [...(figures.get(figure) ?? []), value]);
}

/** The first speed in each row of the tree's own table: `name   12.3 G SOP/s   …`. */
function timeKernels(tree: Tree): void {
  const text = execFileSync('npx', ['tsx', 'test/bench/main.ts', '--compare'], {
    cwd: tree.root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const scales: Readonly<Record<string, number>> = { G: 1e9, M: 1e6, '': 1 };
  for (const line of text.split('\n')) {
    const match = /^(.+?) {2,}([\d.]+) ([GM]?) ?([A-Za-z ]+)\/s/.exec(line);
    if (match === null) continue;
    const [, name = '', value = '', scale = '', unit = ''] = match;
    // How a figure is come by may be in parentheses, and may change.
    note(tree, `${name.replace(/ \(.*\)$/, '')}, ${unit}/s`, Number(value) * (scales[scale] ?? Number.NaN));
  }
}

function timeRuns(tree: Tree): void {
  const data = values.data === undefined ? [] : ['--data', values.data];
  const { timing } = JSON.parse(plasticore(tree, ['--epochs', '1', '--json', '-', ...data]).stdout);
  note(tree, 'one epoch of MNIST, training samples/s', timing.trainSamplesPerSecond);
  note(tree, 'one epoch of MNIST, test samples/s', timing.testSamplesPerSecond);
  note(tree, 'README main command, 1/s', 1000 / plasticore(tree, []).wallMs);
  const short = Array.from({ length: 3 }, () => plasticore(tree, ['--epochs', '1', '--limit', '1']).wallMs);
  note(tree, 'start, one sample and exit, 1/s', 1000 / median(short));
}

function plasticore(tree: Tree, options: readonly string[]): { stdout: string; wallMs: number } {
  const args = [join('dist', 'cli', 'main.js'), 'run', 'experiments/mnist-snn.yaml', '--quiet', ...options];
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: tree.root, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return { stdout, wallMs: performance.now() - started };
}

function compare([before, now]: readonly Tree[]): string {
  const rows = [...(before?.figures ?? [])].flatMap(([figure, earlier]) => {
    const later = now?.figures.get(figure);
    if (later === undefined) return [];
    const ratios = later
      .map((value, round) => value / (earlier[round] ?? Number.NaN))
      .toSorted((a, b) => a - b);
    return [
      [
        figure,
        median(earlier).toPrecision(4),
        median(later).toPrecision(4),
        median(ratios).toFixed(2),
        `${ratios[0]?.toFixed(2)} to ${ratios.at(-1)?.toFixed(2)}`,
      ],
    ];
  });
  return textTable(['figure', `before (${commit})`, 'now', 'ratio', 'of the rounds'], rows, 'lrrrr');
}
