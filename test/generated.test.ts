import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { generatedFiles, staleFiles, writeGenerated } from '../scripts/generated-files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'plasticore-generated-'));

afterEach(() => rmSync(scratch, { recursive: true, force: true }));

test.each(generatedFiles().map(({ path, text }) => [path, text]))(
  '%s is what the code says (else: npx tsx scripts/generate.ts)',
  (path, text) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  },
);

test('a missing file and a changed one are stale', () => {
  expect(staleFiles(scratch)).toEqual(generatedFiles().map(({ path }) => path));
  writeGenerated(scratch);
  expect(staleFiles(scratch)).toEqual([]);
  appendFileSync(join(scratch, 'docs/instruction-set.md'), '\n');
  rmSync(join(scratch, 'schemas/program.schema.json'));
  expect(staleFiles(scratch)).toEqual(['docs/instruction-set.md', 'schemas/program.schema.json']);
});

test('the script writes, compares, and refuses what it does not know', () => {
  const script = (...options: string[]): { status: number; messages: string } => {
    try {
      execFileSync(join(root, 'node_modules/.bin/tsx'), [join(root, 'scripts/generate.ts'), ...options], {
        cwd: scratch,
        stdio: 'pipe',
        encoding: 'utf8',
      });
      return { status: 0, messages: '' };
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string };
      return { status, messages: stderr };
    }
  };
  writeGenerated(scratch);
  rmSync(join(scratch, 'docs'), { recursive: true });
  expect(script('--check')).toEqual({
    status: 1,
    messages: ['instruction-set', 'api', 'program-format', 'hw-model-format', 'experiment-format']
      .map((page) => `docs/${page}.md is stale: run npx tsx scripts/generate.ts\n`)
      .join(''),
  });
  expect(script('--chek').status).toBe(2);
  expect(script()).toEqual({ status: 0, messages: '' });
  expect(script('--check')).toEqual({ status: 0, messages: '' });
});
