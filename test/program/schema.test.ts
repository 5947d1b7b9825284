import { expect, test } from 'vitest';
import { createProgram, programJsonSchema } from '../../src/program/index.ts';

interface Node {
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
}

test('the examples of a whole program follow its schema', () => {
  const { properties } = programJsonSchema().else as Node;
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
