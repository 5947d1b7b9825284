import { expect, test } from 'vitest';
import { loadExperiment, parseSettings, resolveCell } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import type { Image } from '../../src/image/index.ts';
import { cheapest, type MadeNetwork, type Way } from '../../src/import/target.ts';
import { grouped, memoryOf } from '../../src/report/index.ts';
import { withoutEnergies } from '../support/unstated.ts';

const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));
const imageOf = (hidden: number): Image =>
  resolveCell(
    experiment,
    { settings: parseSettings([`program.populations.hidden.size=${hidden}`]) },
    findFile,
  ).image;
/** A network of 784 inputs that spike. */
const imported = {
  network: { input: { size: 784 }, numbers: { are: 'spikes' } },
} as unknown as MadeNetwork['imported'];
const wayOf = (hidden: number, change: (image: Image) => Image): Way<MadeNetwork> => ({
  choices: [{ what: 'size', value: String(hidden) }],
  make: () => ({ imported, image: change(imageOf(hidden)) }),
});

test('the cheapest way is the one with the least energy and bits; of unknown energies, that with the fewest bits', () => {
  const [large, small] = [32, 16].map((hidden) => `${grouped(memoryOf(imageOf(hidden)).inferenceBits)} bits`);
  const known = cheapest(
    [32, 16].map((hidden) => wayOf(hidden, (image) => image)),
    undefined,
    2,
  );
  expect(known.decisions).toMatchObject([{ what: 'size', value: '16' }]);
  expect(known.decisions[0]?.why).toMatch(
    new RegExp(
      `^[\\d.]+ [nµ]J and ${small} for a sample of inputs at their most; 32: [\\d.]+ [nµ]J and ${large}$`,
    ),
  );
  const unknown = cheapest(
    [32, 16].map((hidden) => wayOf(hidden, (image) => ({ ...image, costs: withoutEnergies(image.costs) }))),
    undefined,
    2,
  );
  expect(unknown.decisions).toEqual([
    {
      what: 'size',
      value: '16',
      why: `${small} for a sample of inputs at their most; 32: ${large}`,
    },
  ]);
});
