import { expect, test } from 'vitest';
import { matching } from '../../site/page/gallery/search.ts';
import type { GalleryCard } from '../../site/shared/gallery.ts';

const sketch = { layers: [1], links: [], mesh: undefined };
const cards: readonly GalleryCard[] = [
  { name: 'mnist-snn', line: 'A spiking network.', group: 'digits', sketch, needs: undefined },
  {
    name: 'shd-rsnn',
    line: 'A recurrent network.',
    group: 'speech',
    sketch,
    needs: 'spikes with their times',
  },
  { name: 'odin-mnist', line: 'Digits on ODIN.', group: 'chips', sketch, needs: undefined },
];
const descriptions = new Map([['mnist-snn', 'A spiking network. It learns by surrogate gradients.']]);

const found = (search: string): string[] => matching(cards, search, descriptions).map(({ name }) => name);

test('an experiment is found by its name, its group, its description and its data, whatever their case', () => {
  expect(found('MNIST')).toEqual(['mnist-snn', 'odin-mnist']);
  expect(found('chips that were')).toEqual(['odin-mnist']);
  expect(found('surrogate')).toEqual(['mnist-snn']);
  expect(found('recurrent')).toEqual(['shd-rsnn']);
  expect(found('times')).toEqual(['shd-rsnn']);
});

test('all words have to be there, in any order; no words find all, and a word that nobody has finds none', () => {
  expect(found('network  spiking')).toEqual(['mnist-snn']);
  expect(found('network spiking odin')).toEqual([]);
  expect(found('  ')).toEqual(['mnist-snn', 'shd-rsnn', 'odin-mnist']);
  expect(found('zzyzx')).toEqual([]);
});
