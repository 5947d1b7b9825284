import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { operations } from '../../src/isa/index.ts';

// The facts about an operation are in its row of the table. Code that depends on the spelling of a mnemonic repeats
// them, and misses the next operation.

const src = new URL('../../src', import.meta.url).pathname;
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith(join('isa', 'operations')))
  .map((file) => ({ file, text: readFileSync(join(src, file), 'utf8') }));

const spellings: readonly RegExp[] = [
  // mnemonic === 'sel', mnemonic.endsWith('.w'), mnemonic in names
  /mnemonic\b\)?\s*(?:[=!]==?(?![=]|\s*undefined\b)|in\b|\??\.(?:startsWith|endsWith|includes|indexOf|match|replace|slice|split|substring)\b)/g,
  // 'sel' === mnemonic
  /[=!]==?\s*(?:\w+\??\.)*mnemonic\b/g,
  // /^add/.test(mnemonic), names.includes(mnemonic), switch (mnemonic)
  /(?:\.(?:test|exec|includes|has)|switch)\s*\(\s*(?:\w+\??\.)*mnemonic\b/g,
  // operationNamed('add')
  /(?:operationNamed|findOperation)\(\s*['"`]/g,
];

test.each([
  "if (mnemonic === 'sel') {}",
  "instruction?.mnemonic !== 'any'",
  "mnemonic.startsWith('shr')",
  "(line.mnemonic).replace(/x/, '')",
  '/^(add|sub)$/.test(line?.mnemonic)',
  'switch (mnemonic) {}',
  'names.includes(mnemonic)',
  "operationNamed('ld')",
])('the test knows a comparison by spelling: %s', (text) => {
  expect(spellings.some((spelling) => text.match(spelling) !== null)).toBe(true);
});

/** What gives operations another meaning, by a table of its own, and does not know those that are not in it. */
const otherMeanings = [join('import', 'export', 'step.ts')];
const spelled = files.filter(({ file }) => !otherMeanings.includes(file));

test('no file but those of the table goes by the spelling of a mnemonic', () => {
  const found = spelled.flatMap(({ file, text }) =>
    spellings.flatMap((spelling) => (text.match(spelling) ?? []).map((match) => `${file}: ${match}`)),
  );
  expect(files.length).toBeGreaterThan(200);
  expect(found).toEqual([]);
});

test('no file but those of the table has the name of an operation with a suffix', () => {
  const dotted = operations.flatMap(({ mnemonic }) => (mnemonic.includes('.') ? [mnemonic] : []));
  const quoted = new RegExp(
    `['"\`](?:${dotted.map((name) => name.replace('.', '\\.')).join('|')})['"\`]`,
    'g',
  );
  // What writes microcode names operations, as a program does.
  const others = spelled.filter(({ file }) => !file.startsWith(join('import', 'program')));
  expect(others.length).toBeLessThan(files.length);
  const found = others.flatMap(({ file, text }) =>
    (text.match(quoted) ?? []).map((match) => `${file}: ${match}`),
  );
  expect(found).toEqual([]);
});
