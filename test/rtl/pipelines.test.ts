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

test('two banks with one name in Verilog are refused', () => {
  const image = compiled(16);
  const hw = load(core);
  const [bank] = hw.banks;
  if (bank === undefined) throw new Error('no bank');
  const banks = [
    { ...bank, name: 'm-b' },
    { ...bank, name: 'm_b' },
  ];
  expect(() => planCore(image, { ...hw, banks })).toThrow("in Verilog, bank 'm_b' has the name of 'm-b'");
});
