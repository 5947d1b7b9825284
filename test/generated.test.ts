import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { generate, generatedFiles, staleFiles, writeGenerated } from '../scripts/generated-files.ts';

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

test('the script writes, compares, and refuses what it does not know', { timeout: 300_000 }, () => {
  writeGenerated(scratch);
  rmSync(join(scratch, 'docs'), { recursive: true });
  const estimators = [
    'README',
    'gates',
    'sram',
    'arithmetic',
    'registers',
    'fetch',
    'control',
    'fifo',
    'router',
    'cells',
    'wires',
    'clock',
  ];
  const stale = [
    ...['instruction-set.md', 'api.md'],
    ...estimators.map((name) => `estimators/${name}.md`),
    'images/core.svg',
    ...['program-format.md', 'hw-model-format.md', 'experiment-format.md'],
  ].map((file) => `docs/${file} is stale: run npx tsx scripts/generate.ts`);
  const { status, stderr } = spawnSync(
    join(root, 'node_modules/.bin/tsx'),
    [join(root, 'scripts/generate.ts'), '--check'],
    { cwd: scratch, encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 1, stderr: stale.map((line) => `${line}\n`).join('') });
  // In this process, where the files are made already, without the script around it.
  expect(generate(['--check'], scratch)).toEqual({ status: 1, messages: stale });
  expect(generate(['--chek'], scratch)).toEqual({
    status: 2,
    messages: ["unknown argument '--chek'; usage: npx tsx scripts/generate.ts [--check]"],
  });
  expect(generate(['--check', 'x'], scratch).status).toBe(2);
  expect(generate([], scratch)).toEqual({ status: 0, messages: [] });
  expect(generate(['--check'], scratch)).toEqual({ status: 0, messages: [] });
});
