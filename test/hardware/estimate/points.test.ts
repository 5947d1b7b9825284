import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cited } from '../../../src/hardware/estimate/points.ts';
import { root } from '../../support/root.ts';

const folder = join(root, 'hw-models/points');

test.each(readdirSync(folder))('%s: each row names a source, and each source has a row', (name) => {
  const {
    sources,
    ...tables
  }: Record<string, Record<string, { source: string }>> = JSON.parse(
    readFileSync(join(folder, name), 'utf8'),
  );
  const used = Object.values(tables).flatMap((rows) => Object.values(rows).map(({ source }) => source));
  expect([...new Set(used)].sort()).toEqual(Object.keys(sources ?? {}).sort());
});

test('a figure whose source has no citation, or was read in no known way, is refused', () => {
  const sources = {
    known: { cite: 'a paper', checked: 'primary' },
    heard: { cite: 'a talk', checked: 'hearsay' },
  };
  expect(cited({ sources }, [{ source: 'known', pj: 1 }])).toEqual([
    { source: 'known', pj: 1, cite: 'a paper', checked: 'primary' },
  ]);
  for (const source of ['heard', 'nobody'])
    expect(() => cited({ sources }, [{ source }])).toThrow(`the source '${source}' has no citation`);
});
