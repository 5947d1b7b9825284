import { spawnSync } from 'node:child_process';

/** A Python that has these modules; undefined if there is none, and what needs it is skipped. */
export function pythonWith(...modules: readonly string[]): string | undefined {
  return ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', `import ${modules.join(', ')}`]).status === 0,
  );
}
