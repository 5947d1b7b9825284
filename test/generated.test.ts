import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { generate, generatedFiles } from '../scripts/generated-files.ts';
import { root } from './support/root.ts';

test.each(generatedFiles())(
  '$path is what the code says (else: npx tsx scripts/generate.ts)',
  ({ path, text }) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  },
);

describe('the script', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'plasticore-generated-'));
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));
  const names = ['docs/a.md', 'schemas/deep/b.json', 'c.svg'];
  const files = () => names.map((path) => ({ path, text: `${path}\n` }));
  const run = (...options: string[]) => generate(options, scratch, files);
  const stale = (...paths: readonly string[]) => ({
    status: 1,
    messages: paths.map((path) => `${path} is stale: run npx tsx scripts/generate.ts`),
  });
  const done = { status: 0, messages: [] };

  test('writes, and compares: what is missing or changed is stale', () => {
    expect(run('--check')).toEqual(stale(...names));
    expect(run()).toEqual(done);
    expect(run('--check')).toEqual(done);
    appendFileSync(join(scratch, 'c.svg'), '\n');
    rmSync(join(scratch, 'docs/a.md'));
    expect(run('--check')).toEqual(stale('docs/a.md', 'c.svg'));
  });

  test('refuses what it does not know', () => {
    expect(run('--chek')).toEqual({
      status: 2,
      messages: ["unknown argument '--chek'; usage: npx tsx scripts/generate.ts [--check]"],
    });
    expect(run('--check', 'x').status).toBe(2);
  });
});
