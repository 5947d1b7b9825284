import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder that a file of tests writes into. It goes when they have ended. */
interface Scratch {
  readonly folder: string;
  /** The path of what has this name in it. */
  path(...names: readonly string[]): string;
}

/** Makes one, and registers its end: to be called outside all tests of a file. */
export function scratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, path: (...names) => join(folder, ...names) };
}
