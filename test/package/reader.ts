import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plasticore } from '../cli/spawn.ts';
import { filesOf } from './readme.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const readmePath = join(root, 'README.md');
export const readReadme = (): string => readFileSync(readmePath, 'utf8');

/** A folder that looks like a clone, with the files that README.md has its reader write, to run its commands in. */
export function readersFolder(): { run(command: string): string[]; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-reader-'));
  for (const name of ['experiments', 'programs', 'hw-models']) {
    symlinkSync(join(root, name), join(folder, name), 'dir');
  }
  for (const { name, text } of filesOf(readReadme())) writeFileSync(join(folder, name), text);
  return {
    run(command) {
      const { stdout, stderr } = plasticore(command.split(' '), { cwd: folder });
      return `${stdout}${stderr}`.split('\n').map((line) => line.trimEnd());
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
