/** A chip that uses everything that a chip can have, as small as possible. */

import { defineChip } from '../../../src/chips/index.ts';
import { strictObject, whole } from '../../../src/text/index.ts';
import { toyGolden } from './golden.ts';
import { toyHosting } from './host.ts';

export { recordToy, type ToyTrace } from './golden.ts';

export const toy = defineChip({
  name: 'toy',
  description: 'How the host of the toy teaches it',
  options: strictObject({ step: whole('a step', 1, 31).default(3) }),
  registers: ['threshold'],
  encodesSamples: true,
  golden: toyGolden,
  hosting: (options, { threshold }) => toyHosting(options, threshold),
});
