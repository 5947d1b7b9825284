/**
 * Puts small faults into the program, one at a time, and asks whether the tests find them: `npx tsx test/mutants.ts`,
 * or with words, those whose file has one of them.
 *
 * Each runs in a copy of the last commit. A fault that no test finds needs one, small and near.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mutant, mutants } from './mutants/mutants.ts';
import { root } from './support/root.ts';

const words = process.argv.slice(2);
const chosen = mutants.filter(({ file }) => words.length === 0 || words.some((word) => file.includes(word)));

const copy = join(mkdtempSync(join(tmpdir(), 'plasticore-mutants-')), 'copy');
const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'pipe' });

/** Whether tests fail with the fault; null if they fail without it, or there are none. */
function isFound({ foundBy }: Mutant): boolean {
  const { stdout } = spawnSync('npx', ['vitest', 'run', '--bail', '1', foundBy], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  const [, failed] = /^\d+ passed, (\d+) failed/m.exec(stdout) ?? [];
  if (failed === undefined) throw new Error(`${foundBy}: no tests ran\n${stdout}`);
  return Number(failed) > 0;
}

let missed = 0;
git('worktree', 'add', '--detach', copy, 'HEAD');
try {
  for (const folder of ['node_modules', 'dist']) symlinkSync(join(root, folder), join(copy, folder));
  for (const mutant of chosen) {
    const { file, from, to } = mutant;
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    if (text.split(from).length !== 2) throw new Error(`${file}: '${from}' is not there exactly once`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
    const found = isFound(mutant);
    writeFileSync(path, text);
    if (!found) missed += 1;
    console.log(`${found ? 'found ' : 'MISSED'}  ${mutant.foundBy}: ${mutant.fault}`);
  }
} finally {
  git('worktree', 'remove', '--force', copy);
  rmSync(join(copy, '..'), { recursive: true, force: true });
}
console.log(`${chosen.length - missed} of ${chosen.length} found`);
process.exitCode = missed === 0 ? 0 : 1;
