import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { main } from '../cli/spawn.ts';
import { pythonWith } from '../support/python.ts';
import { root } from '../support/root.ts';

/** A Python that can make an environment and install the package with what the system has. */
export const python = pythonWith('numpy', 'ensurepip', 'setuptools.command.bdist_wheel');

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An environment of Python with the package, as docs/python.md installs it, in a folder of its own. */
export class PythonEnvironment {
  readonly folder = mkdtempSync(join(tmpdir(), 'plasticore-door-'));
  readonly #python = join(this.folder, 'env', 'bin', 'python');

  constructor() {
    // The sources stay as they are: pip leaves what it builds beside them.
    cpSync(join(root, 'python'), join(this.folder, 'python'), { recursive: true });
    for (const name of ['experiments', 'programs', 'hw-models'])
      symlinkSync(join(root, name), join(this.folder, name), 'dir');
    execFileSync(python ?? '', ['-m', 'venv', '--system-site-packages', 'env'], { cwd: this.folder });
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-index', '--no-build-isolation', './python'];
    execFileSync(this.#python, pip, { cwd: this.folder, stdio: 'pipe' });
    const bin = join(this.folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'plasticore'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
    chmodSync(join(bin, 'plasticore'), 0o755);
  }

  /** Runs Python in the folder, with the command on the path as an installation has it. */
  run(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Finished {
    const path = `${join(this.folder, 'bin')}${delimiter}${process.env.PATH}`;
    const { status, stdout, stderr } = spawnSync(this.#python, args, {
      cwd: this.folder,
      env: { ...process.env, PATH: path, ...variables },
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
