import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleEvents } from '../../src/data/index.ts';
import { needs } from '../support/needs.ts';
import { pythonWith } from '../support/python.ts';
import { scratch } from '../support/scratch.ts';
import { dense, expectedSteps, labels, load, stepsOf } from './named-arrays.ts';

const { folder } = scratch();

test('what h5py writes is read: chunks, booleans, rows of variable length', needs('h5py'), async () => {
  const path = join(folder, 'python.h5');
  const script = `
import sys, numpy as np, h5py
dense = np.array(${JSON.stringify(dense)}, 'u1').reshape(3, 2, 4)
with h5py.File(sys.argv[1], 'w') as f:
    f.create_dataset('a/b/spikes', data=dense, chunks=(2, 1, 3), compression='gzip', shuffle=True)
    f['a/flags'] = dense > 0
    f['labels'] = np.array(${JSON.stringify(labels)})
    t = f.create_dataset('t', (3,), dtype=h5py.vlen_dtype('f8'))
    c = f.create_dataset('c', (3,), dtype=h5py.vlen_dtype('u2'))
    t[0], c[0] = [0.5, 0.25], [9, 3]
`;
  const { stderr } = spawnSync(pythonWith('numpy', 'h5py') ?? '', ['-c', script, path], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stepsOf(await load(path, { test: { spikes: 'a/b/spikes', labels: 'labels' } }))).toEqual(
    expectedSteps,
  );
  expect(stepsOf(await load(path, { test: { spikes: 'a/flags' } }))[0]).toEqual([[1], [3]]);
  const { test: set, corrections = [] } = await load(path, { test: { times: 't', units: 'c' } });
  expect(set.kind === 'events' && [...sampleEvents(set, 0).units]).toEqual([3, 9]);
  expect(corrections).toHaveLength(2);
  await expect(load(path, { test: { spikes: 'a/spikes' } })).rejects.toMatchObject({
    hint: expect.stringContaining('a/b/spikes'),
  });
});
