import { expect, test } from 'vitest';
import { atItsWord, frameworks, graphIn } from '../../site/page/share/asked-graph.ts';
import { conventions } from '../../src/nir/index.ts';

const bytes = new Uint8Array();
const asked = (...names: readonly string[]) =>
  graphIn(
    names.map((name) => ({ name, bytes })),
    undefined,
  );

test('a framework is chosen beforehand where the name of the file says it, and nowhere else', () => {
  expect(asked('digits-sinabs.nir')?.from).toBe('sinabs');
  expect(asked('SNNTorch_net.NIR')?.from).toBe('snntorch');
  expect(asked('mine.nir')).toMatchObject({ from: undefined, samples: undefined, steps: 32 });
  expect(asked('mine.nir', 'x.npz')?.samples?.name).toBe('x.npz');
  expect(asked('x.npz')).toBeUndefined();
  expect(asked('mine.nir', 'x.npz', 'y.npz')).toBeUndefined();
});

test('what was said of a file holds for the same file alone', () => {
  const before = { file: { name: 'mine.nir', bytes }, samples: undefined, from: 'norse', steps: 9 };
  expect(graphIn([{ name: 'mine.nir', bytes }], before)).toMatchObject({ from: 'norse', steps: 9 });
  expect(graphIn([{ name: 'yours.nir', bytes }], before)).toMatchObject({ from: undefined, steps: 32 });
});

test('the frameworks that are offered are those that are known', () => {
  expect([...frameworks, atItsWord].sort()).toEqual(Object.keys(conventions).sort());
});
