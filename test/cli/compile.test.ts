import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { plasticore } from './spawn.ts';

const folder = mkdtempSync(join(tmpdir(), 'plasticore-compile-'));
afterAll(() => rmSync(folder, { recursive: true }));

const compile = ['compile', 'mnist-snn', '--hw', 'reference', '--precision', 'mp16-8'];

test('compile --memh writes a file for each bank and a map, and nothing else', () => {
  const rtl = join(folder, 'new', 'rtl');
  const { status, stdout, stderr } = plasticore([...compile, '--memh', rtl]);
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  expect(stderr).toContain('shadow.memh');
  expect(readdirSync(rtl).sort()).toEqual(['map.json', 'shadow.memh', 'state.memh', 'weight.memh']);
  // 784 rows of 256 and 256 rows of 10 weights of 8 bits; the reference core's words have 128 bits.
  const words = readFileSync(join(rtl, 'weight.memh'), 'utf8')
    .split('\n')
    .filter((line) => /^[0-9a-f]{32}$/.test(line));
  expect(words).toHaveLength(784 * 16 + 256);
});

test('compile wants to know where to write', () => {
  expect(plasticore(compile)).toEqual({
    status: 2,
    stdout: '',
    stderr: 'plasticore: missing: --out or --memh\n',
  });
});
