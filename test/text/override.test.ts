import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Override, parseYaml, strictObject } from '../../src/text/index.ts';
import { expectError } from '../support/errors.ts';

const schema = strictObject({
  size: z.int({ error: () => 'expected a whole number' }),
  note: z.string().optional(),
  parts: z.record(z.string(), strictObject({ width: z.number(), depth: z.number().optional() })),
  list: z.array(z.string()),
  place: strictObject({
    cores: z.number().optional(),
    slices: z.record(z.string(), z.number()).default({}),
  }).default({ slices: {} }),
  mesh: strictObject({ rows: z.number(), columns: z.number() }).optional(),
});

const text = `size: 3
parts:
  left: {width: 1}
list: [a, b]
`;

const place = { file: '--set it' };
const load = (...overrides: readonly Pick<Override, 'path' | 'value'>[]) =>
  parseYaml(
    text,
    'file.yaml',
    schema,
    overrides.map((override) => ({ ...override, place })),
  );

describe('overrides', () => {
  test('replace values, items of lists, and add keys that the schema knows; the last one holds', () => {
    const { value } = load(
      { path: ['size'], value: 4 },
      { path: ['size'], value: 5 },
      { path: ['note'], value: 'n' },
      { path: ['parts', 'left', 'depth'], value: 2 },
      { path: ['list', 1], value: 'c' },
    );
    expect(value).toEqual({
      size: 5,
      note: 'n',
      parts: { left: { width: 1, depth: 2 } },
      list: ['a', 'c'],
      place: { slices: {} },
    });
  });

  test('make the mapping that a key is in, if it may be empty', () => {
    expect(load({ path: ['place', 'cores'], value: 2 }).value.place).toEqual({ cores: 2, slices: {} });
    expectError(() => load({ path: ['plaice', 'cores'], value: 2 }), 'unknown-key', "no 'plaice'");
    expectError(() => load({ path: ['place', 'corse'], value: 2 }), 'unknown-key', "unknown key 'corse'");
    expectError(() => load({ path: ['place', 'slices', 'a'], value: 2 }), 'unknown-key', "no 'a'");
    expectError(() => load({ path: ['mesh', 'rows'], value: 2 }), 'unknown-key', "there is no 'mesh'");
  });

  test('null removes an entry', () => {
    expect(load({ path: ['parts', 'left'], value: null }).value.parts).toEqual({});
    expectError(() => load({ path: ['parts', 'right'], value: null }), 'unknown-key', "no 'right'");
  });

  test('have the place of their own, also for what lies within them; the rest has that of the file', () => {
    const { locate } = load({ path: ['parts', 'left'], value: { width: 2 } });
    expect(locate(['parts', 'left', 'width'])).toEqual(place);
    expect(locate(['size'])).toEqual({ file: 'file.yaml', line: 1, column: 7 });
  });

  test('an unknown key, at the override, with the nearest known key', () => {
    expectError(
      () => load({ path: ['siz'], value: 1 }),
      'unknown-key',
      "--set it: unknown key 'siz'; did you mean 'size'?",
    );
    expectError(() => load({ path: ['parts', 'left', 'with'], value: 1 }), 'unknown-key', "'width'");
  });

  test('a new name in a mapping of names is refused, which no schema would do', () => {
    expectError(
      () => load({ path: ['parts', 'lef'], value: { width: 1 } }),
      'unknown-key',
      "--set it: 'parts' has no 'lef'",
      "did you mean 'left'?",
    );
    expectError(() => load({ path: ['list', 2], value: 'c' }), 'unknown-key', "'list' has no '2'");
  });

  test('a path through a value', () => {
    expectError(() => load({ path: ['size', 'bits'], value: 1 }), 'unknown-key', "'size' is 3");
  });

  test('a wrong value, at the override', () => {
    expectError(
      () => load({ path: ['size'], value: 'x' }),
      'invalid-value',
      '--set it: expected a whole number',
    );
  });
});
