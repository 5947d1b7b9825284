/** A chip that uses everything that a chip can have, as small as possible. */

import { type Chip, defineHost } from '../../../src/chips/kit.ts';
import { strictObject, whole } from '../../../src/text/index.ts';
import { toyGolden } from './golden.ts';
import { toyHosting } from './host.ts';

export { recordToy, type ToyTrace } from './golden.ts';

export const toy = {
  name: 'toy',
  golden: async () => [toyGolden],
  host: defineHost({
    description: 'How the host of the toy teaches it',
    options: strictObject({ step: whole('a step', 1, 31).default(3) }),
    registers: ['threshold'],
    encodesSamples: true,
    hosting: (options, { threshold }) => toyHosting(options, threshold),
  }),
} satisfies Chip;
