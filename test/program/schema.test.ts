import { expect, test } from 'vitest';
import { createProgram, programJsonSchema } from '../../src/program/index.ts';

interface Node {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
}

/** All keys that a JSON Schema describes, at whatever depth, with what it says about each. */
function keysOf(node: unknown, path = ''): [path: string, key: Node][] {
  if (typeof node !== 'object' || node === null) return [];
  const { properties = {} } = node as Node;
  const own = Object.entries(properties).map(([name, key]): [string, Node] => [`${path}.${name}`, key]);
  return [
    ...own,
    ...Object.entries(node).flatMap(([name, part]) =>
      name === 'examples' || name === 'default'
        ? []
        : keysOf(part, name === 'properties' ? path : `${path}/${name}`),
    ),
  ];
}

test('every key has a meaning, and an example where its schema does not list its values', () => {
  const keys = keysOf(programJsonSchema());
  expect(keys.length).toBeGreaterThan(60);
  expect(keys.filter(([, { description }]) => description === undefined).map(([path]) => path)).toEqual([]);
  const bare = keys.filter(
    ([, key]) =>
      key.examples === undefined &&
      key.enum === undefined &&
      key.const === undefined &&
      key.type !== 'boolean',
  );
  expect(bare.map(([path]) => path)).toEqual([]);
});

test('the words that people looked for are there', () => {
  const words = keysOf(programJsonSchema()).map(([path, { description }]) => `${path} ${description}`);
  const text = words.join('\n');
  for (const word of ['stopUnlessAny', 'previousSpike', 'when', 'saturate-symmetric', 'placement'])
    expect(text).toContain(word);
});

test('the examples of a whole program follow its schema', () => {
  const { properties } = programJsonSchema() as Node;
  const example = (name: string): unknown => properties?.[name]?.examples?.[0];
  const description = Object.fromEntries(
    ['name', 'steps', 'parameters', 'input', 'populations', 'projections'].map((name) => [
      name,
      example(name),
    ]),
  );
  const made = createProgram({
    ...(description as { name: string; populations: Record<string, never> }),
    microcode: {},
    events: { tick: [{ deliver: 'input' }] },
    readout: 'hidden.v',
  });
  expect(made.spec.populations.hidden?.size).toBe(256);
});
