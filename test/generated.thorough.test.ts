import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { apiFile, generate } from '../scripts/generated-files.ts';
import { root } from './support/root.ts';
import { scratch } from './support/scratch.ts';

const { folder } = scratch();

test('docs/api.md is what the code says (else: npx tsx scripts/generate.ts)', { timeout: 300_000 }, () => {
  const { path, text } = apiFile();
  expect(readFileSync(join(root, path), 'utf8')).toBe(text);
});

test('the script as a process: what it has written is up to date, but for what was changed', {
  timeout: 300_000,
}, () => {
  expect(generate([], folder)).toEqual({ status: 0, messages: [] });
  for (const path of ['docs/api.md', 'docs/estimators/sram.md']) appendFileSync(join(folder, path), '\n');
  const script = [join(root, 'scripts/generate.ts'), '--check'];
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), ...script],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  const stale = ['docs/estimators/sram.md', 'docs/api.md'];
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: stale.map((file) => `${file} is stale: run npx tsx scripts/generate.ts\n`).join(''),
  });
});
