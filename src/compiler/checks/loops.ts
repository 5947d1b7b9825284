import { type ProgramView, spikeLoopOf } from '../../image/index.ts';
import { type Place, PlasticoreError } from '../../text/index.ts';

/**
 * Refuses a program with an endless loop of spikes: each causes at least one of the next population, until the first is
 * reached again.
 *
 * @throws PlasticoreError `fit`
 */
export function checkLoops(image: ProgramView, place: Place): void {
  if (image.core.controller !== undefined) return;
  const loop = spikeLoopOf(image);
  if (loop === undefined || !loop.isEndless) return;
  const names = loop.populations.map((population) => `'${image.populations[population]?.name}'`);
  throw new PlasticoreError(
    'fit',
    `a step would never end: every spike of ${[...names, names[0]].join(' makes one of ')} again`,
    { ...place, hint: 'emit under a condition, or in the tick list, where the next step serves the spikes' },
  );
}
