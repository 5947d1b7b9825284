/** Chips with their own controllers, one folder each. To add a chip, add a folder and its line in the list. */

import type { Chip } from './chip.ts';
import { loihi } from './loihi/index.ts';
import { odin } from './odin/index.ts';
import { ranc } from './ranc/index.ts';
import { reckon } from './reckon/index.ts';
import { truenorth } from './truenorth/index.ts';

/** The chips bundled with Plasticore. */
export const chips: readonly Chip[] = [loihi, odin, ranc, reckon, truenorth];

export {
  type Chip,
  type ChipHost,
  type ChipSetup,
  type DescribedSetup,
  defineHost,
  findChip,
  findHost,
  type Host,
  type HostDefinition,
  type Hosting,
  type NamedSet,
  type PublishedEnergy,
} from './chip.ts';
export { type Controller, fieldNamed, namesIn } from './controller.ts';
export { Barrier, type ChipWork, type CrewWork, sharedWords } from './crew/index.ts';
export * from './loihi/index.ts';
export * from './odin/index.ts';
export * from './ranc/index.ts';
export * from './reckon/index.ts';
export * from './truenorth/index.ts';
