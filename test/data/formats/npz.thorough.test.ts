import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readNpz, writeNpz } from '../../../src/data/index.ts';
import { needs } from '../../support/needs.ts';
import { pythonWith } from '../../support/python.ts';
import { scratch } from '../../support/scratch.ts';

const { folder, path } = scratch();

describe('NumPy agrees', needs('numpy'), () => {
  const python = (script: string) =>
    execFileSync(pythonWith('numpy') ?? '', ['-c', script], { cwd: folder, encoding: 'utf8' });

  test.each(['savez', 'savez_compressed'])('reads what numpy.%s writes', (save) => {
    python(`import numpy as n
n.${save}('a.npz', u=n.arange(6, dtype='u1').reshape(2, 3), i=n.array([-1, 2**40]), f=n.array(0.5), d=n.array([1.5], 'f4'), b=n.array([True, False]), s=n.arange(-3, 3, dtype='i2').reshape(1, 2, 3))`);
    const arrays = readNpz(new Uint8Array(readFileSync(path('a.npz'))), 'a.npz');
    expect(Object.fromEntries(arrays)).toStrictEqual({
      u: { shape: [2, 3], data: Uint8Array.of(0, 1, 2, 3, 4, 5) },
      i: { shape: [2], data: Float64Array.of(-1, 2 ** 40), dtype: '<i8' },
      f: { shape: [], data: Float64Array.of(0.5) },
      d: { shape: [1], data: Float32Array.of(1.5) },
      b: { shape: [2], data: Uint8Array.of(1, 0), dtype: '|b1' },
      s: { shape: [1, 2, 3], data: Int16Array.of(-3, -2, -1, 0, 1, 2) },
    });
  });

  test('is read by numpy.load', () => {
    const bytes = writeNpz({
      w: { shape: [2, 2], data: Int16Array.of(-32768, -1, 0, 32767) },
      l: { shape: [1], data: Float64Array.of(-(2 ** 40)), dtype: '<i8' },
      b: { shape: [2], data: Uint8Array.of(0, 1), dtype: '|b1' },
      e: { shape: [], data: Float32Array.of(0.25) },
    });
    writeFileSync(path('b.npz'), bytes);
    const printed = python(`import numpy as n
z = n.load('b.npz')
for k in z: print(k, z[k].dtype, z[k].shape, z[k].tolist())`);
    expect(printed.trim().split('\n')).toEqual([
      'b bool (2,) [False, True]',
      'e float32 () 0.25',
      'l int64 (1,) [-1099511627776]',
      'w int16 (2, 2) [[-32768, -1], [0, 32767]]',
    ]);
  });
});
