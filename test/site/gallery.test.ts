import { expect, test } from 'vitest';
import { Gallery } from '../../site/worker/gallery.ts';
import { bundledNames, findFile } from '../../src/fs/index.ts';

test('cards of chips with more cores than a browser has memories for say so before they are chosen', () => {
  const gallery = new Gallery(findFile);
  const cards = bundledNames('experiment').map((name) => gallery.card(name));
  const large = cards.filter(({ noRoom }) => noRoom !== undefined);
  // The host of TrueNorth holds 4096 cores in one memory.
  expect(large.map(({ name, noRoom }) => [name, noRoom])).toEqual([
    ['loihi-chip', 'a browser has no room for the memories of 128 simulated cores, but of about 100'],
  ]);
});
