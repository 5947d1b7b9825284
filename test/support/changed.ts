import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './root.ts';

/**
 * The tests beside what has changed since a commit: a changed test, and for a source file those of the folder of
 * `test/` that mirrors its own. Where that has none, the folder above it.
 *
 * @param since a commit; files that git does not track count as changed
 * @returns patterns of test files
 */
export function testsBeside(since: string): string[] {
  const git = (...args: string[]): string[] =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
  const changed = [
    ...git('diff', '--name-only', '--diff-filter=d', since),
    ...git('ls-files', '--others', '--exclude-standard'),
  ];
  return [...new Set(changed.flatMap(patternOf))];
}

function patternOf(file: string): string[] {
  if (/^test\/.*\.test\.ts$/.test(file)) return [file];
  const [, mirrored] = /^(?:src|test|(?=site|python|tools))(\/?.*)$/.exec(file) ?? [];
  if (mirrored === undefined) return [];
  let folder = dirname(join('test', mirrored));
  while (folder !== 'test' && !hasTests(folder)) folder = dirname(folder);
  return folder === 'test' ? ['test/*.test.ts'] : [`${folder}/**/*.test.ts`];
}

function hasTests(folder: string): boolean {
  const path = join(root, folder);
  return existsSync(path) && readdirSync(path).some((name) => name.endsWith('.test.ts'));
}
