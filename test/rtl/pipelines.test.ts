import { expect, test } from 'vitest';
import { coreFiles, planCore } from '../../src/rtl/index.ts';
import { load } from '../hardware/tiny.ts';
import { compiled, core } from './pipelines.ts';

// Kernels of the same microcode share a pipeline, if what they read and write is alike.

function pipelinesOf(bits: number): string[] {
  const files = coreFiles(planCore(compiled(bits), load(core)));
  return files.flatMap(([name, text]) => (/^k\d/.test(name) ? [text.split('\n')[1] ?? ''] : []));
}

test('kernels that differ in sizes, addresses and constants share a pipeline', () => {
  expect(pipelinesOf(16).map((comment) => comment.replace(/^\/\/ (.*): a tile.*/, '$1'))).toEqual([
    'decay(six), decay(five)',
    'count(long), count(short)',
  ]);
});

test('kernels over fields of other widths have their own', () => {
  expect(pipelinesOf(14)).toHaveLength(4);
});
