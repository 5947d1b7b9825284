import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { goldenBytes, goldenNames, n1Names } from '../support/golden.ts';

test.each([...Object.values(goldenNames).flat(), ...n1Names])('%s is what README.md says was recorded', (name) => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const stated = readme.match(new RegExp(`\`${name}.json.br\` .* \`([0-9a-f]{64})\``))?.[1];
  expect(createHash('sha256').update(goldenBytes(name)).digest('hex')).toBe(stated);
});
