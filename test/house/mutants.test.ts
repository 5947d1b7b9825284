import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mutants } from '../mutants/mutants.ts';
import { root } from '../support/root.ts';

test.each(mutants.map((mutant) => [mutant.fault, mutant] as const))(
  'the small fault can be put in: %s',
  (_, { file, from, foundBy }) => {
    expect(readFileSync(join(root, file), 'utf8').split(from)).toHaveLength(2);
    expect([foundBy, `${foundBy}.test.ts`].some((path) => existsSync(join(root, path)))).toBe(true);
  },
);
