/** Chips with their own controllers, one folder each. To add a chip, add a folder and its line in the list. */

import { type Chip, chipFrom } from './chip.ts';
import { controller } from './controller/index.ts';
import { odin } from './odin/index.ts';
import { ranc } from './ranc/index.ts';
import { reckon } from './reckon/index.ts';
import { truenorth } from './truenorth/index.ts';

/** The chips bundled with Plasticore. They pass the same check as the default export of a module. */
export const chips: readonly Chip[] = [controller, odin, ranc, reckon, truenorth].map((chip) =>
  chipFrom(chip, `chips/${chip.name}`),
);

export {
  type Chip,
  type ChipHost,
  type ChipSetup,
  checkModule,
  chipFrom,
  type DescribedSetup,
  defineHost,
  findHost,
  type Host,
  type HostDefinition,
  type Hosting,
  type NamedChip,
} from './chip.ts';
export { type Controller, fieldNamed, fillFromArrays, namesIn } from './controller.ts';
export { DataController } from './data-controller.ts';
export type {
  ChipNetworks,
  GivenLayer,
  GivenLink,
  GivenModel,
  GivenNetwork,
  MappedLayer,
  MappedNetwork,
  RunningChip,
} from './network.ts';
export { controllerRecordings, type RecordedFrom } from './recording/index.ts';
