import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generate } from '../scripts/generated-files.ts';
import { root } from './support/root.ts';
import { scratch } from './support/scratch.ts';

const { folder } = scratch();

test('the script as a process: what it has written is up to date, but for what was changed', {
  timeout: 300_000,
}, () => {
  expect(generate([], folder)).toEqual({ status: 0, messages: [] });
  for (const path of ['schemas/trace.schema.json', 'docs/estimators/sram.md'])
    appendFileSync(join(folder, path), '\n');
  const script = [join(root, 'scripts/generate.ts'), '--check'];
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), ...script],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  const stale = ['docs/estimators/sram.md', 'schemas/trace.schema.json'];
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: stale.map((file) => `${file} is stale: run npx tsx scripts/generate.ts\n`).join(''),
  });
});
