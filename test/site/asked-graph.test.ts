import { expect, test } from 'vitest';
import {
  askAbout,
  atItsWord,
  frameworks,
  graphIn,
  inputKinds,
  missingFor,
  samplesIn,
} from '../../site/page/share/asked-graph.ts';
import { writeNpz } from '../../src/data/index.ts';
import { inputKindNames } from '../../src/import/index.ts';
import { conventions } from '../../src/nir/index.ts';

const bytes = new Uint8Array();
const files = (...names: readonly string[]) => names.map((name) => ({ name, bytes }));
const view = { layers: ['LIF 10'], input: [784], takesDigits: true };
const asked = (name: string, before?: ReturnType<typeof askAbout>) =>
  askAbout({ file: { name, bytes }, samples: undefined }, view, before);

test('a graph is found alone, and with samples', () => {
  expect(graphIn(files('mine.nir'))).toMatchObject({ file: { name: 'mine.nir' }, samples: undefined });
  expect(graphIn(files('x.npz', 'mine.nir'))?.samples?.name).toBe('x.npz');
  expect(graphIn(files('x.npz'))).toBeUndefined();
  expect(graphIn(files('mine.nir', 'x.npz', 'y.npz'))).toBeUndefined();
});

test('a framework is chosen beforehand where the name of the file says it, and nowhere else', () => {
  expect(asked('digits-sinabs.nir').options).toMatchObject({ from: 'sinabs', steps: 32 });
  expect(asked('SNNTorch_net.NIR').options.from).toBe('snntorch');
  expect(asked('mine.nir').options.from).toBeUndefined();
});

test('what was said of a file holds for the same file alone', () => {
  const before = { ...asked('mine.nir'), options: { from: 'norse', dt: '1e-4', steps: 9 } };
  expect(asked('mine.nir', before).options).toEqual({ from: 'norse', dt: '1e-4', steps: 9 });
  expect(asked('yours.nir', before).options).toEqual({ from: undefined, steps: 32 });
});

test('samples may come after the graph: one archive that has an array input', () => {
  const array = { shape: [1, 2, 1], data: Uint8Array.of(0, 1) };
  const samples = { name: 'x.npz', bytes: writeNpz({ input: array }) };
  expect(samplesIn([samples])).toBe(samples);
  expect(samplesIn([{ name: 'x.npz', bytes: writeNpz({ x: array }) }])).toBeUndefined();
  expect(samplesIn([samples, samples])).toBeUndefined();
  expect(samplesIn(files('x.npz'))).toBeUndefined();
});

test('a graph waits for its framework, and for samples where the digits do not fit', () => {
  const mine = asked('mine.nir');
  expect(missingFor(mine)).toContain('Choose the framework');
  const known = { ...mine, options: { ...mine.options, from: 'norse' } };
  expect(missingFor(known)).toBeUndefined();
  const other = { ...known, view: { ...view, input: [1, 8, 8], takesDigits: false } };
  expect(missingFor(other)).toContain('input of samples x steps x 1 x 8 x 8');
  const [samples] = files('x.npz');
  expect(missingFor({ ...other, options: { ...other.options, samples } })).toBeUndefined();
});

test('what is offered is what is known', () => {
  // A file of lava-dl says itself what it is, and the page opens files of NIR alone.
  expect([...frameworks, 'lava', atItsWord].sort()).toEqual(Object.keys(conventions).sort());
  expect(Object.keys(inputKinds)).toEqual([...inputKindNames]);
});
