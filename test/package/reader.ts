import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plasticore } from '../cli/spawn.ts';
import { root } from '../support/root.ts';
import { filesOf, wordsOf } from './readme.ts';

/** The pages that people read, from the root of the package. */
export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8');

/** A folder that looks like a clone, with the files that a page has its reader write, to run its commands in. */
export function readersFolder(page: string): { run(command: string): string[]; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-reader-'));
  for (const name of ['experiments', 'programs', 'hw-models', 'test']) {
    symlinkSync(join(root, name), join(folder, name), 'dir');
  }
  for (const { name, text } of filesOf(readPage(page))) writeFileSync(join(folder, name), text);
  return {
    run(command) {
      const { stdout, stderr } = plasticore(wordsOf(command), { cwd: folder });
      return `${stdout}${stderr}`.split('\n').map((line) => line.trimEnd());
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
