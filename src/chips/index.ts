/** Chips with their own controllers, one folder each. To add a chip, add a folder and its line in the list. */

import type { Chip } from './chip.ts';
import { loihi } from './loihi/chip.ts';
import { odin } from './odin/chip.ts';
import { ranc } from './ranc/chip.ts';
import { reckon } from './reckon/chip.ts';
import { truenorth } from './truenorth/chip.ts';

/** The chips bundled with Plasticore. */
export const chips: readonly Chip[] = [loihi, odin, ranc, reckon, truenorth];

export {
  type Chip,
  type ChipHost,
  type ChipSetup,
  type DescribedSetup,
  defineHost,
  findHost,
  type Host,
  type HostDefinition,
  type Hosting,
} from './chip.ts';
export { type Controller, fieldNamed, namesIn } from './controller.ts';
export { fillFromArrays } from './given-arrays.ts';
