import type { Core, Processor, ReferenceOptions } from '../engine/index.ts';
import type { Image } from '../image/index.ts';
import type { PhaseWatch } from './step-clock.ts';
import type { GroupWork } from './team.ts';
import type { Crew } from './threads/crew.ts';

/** Runs an image: one program on a core or more, step by step. It is seen as one, however many cores it has. */
export interface Machine extends Processor {
  readonly image: Image;
  /** The cores, in the order of the image's. */
  readonly cores: readonly Core[];
}

/** Watches the cores of a machine, which are named by index, and their packets. */
export interface MachineWatch {
  readonly network?: PhaseWatch | undefined;
  /** Options that let a core be watched. Only the reference engine reports tiles and data. */
  core(index: number): Pick<ReferenceOptions, 'probe' | 'visited' | 'data'>;
  /** Stands in for a core, such as one that tells what the others ask of it. */
  around?(core: Core, index: number): Core;
}

/** How a machine is created. */
export interface MachineOptions {
  /** Name of an engine; default: the default engine. */
  readonly engine?: string | undefined;
  readonly watch?: MachineWatch | undefined;
  /** Threads that run the cores of a chip together, on the fast engine; the present one alone if absent. */
  readonly crew?: Crew<GroupWork> | undefined;
}
