import type { Compiled } from '../compiler/index.ts';
import { type Core, type CoreState, checkSaved, createCore, type Probe } from '../engine/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { Crew } from './crew.ts';
import { checkSystemState, System } from './system.ts';
import type { GroupWork } from './team.ts';

/** How a machine is created. */
export interface MachineOptions {
  /** Name of an engine; default: the default engine. */
  readonly engine?: string | undefined;
  /** Watches a single core. */
  readonly probe?: Probe | undefined;
  /** Threads that run the cores of a chip together, on the fast engine; the present one alone if absent. */
  readonly crew?: Crew<GroupWork> | undefined;
}

/**
 * Loads a compiled program into its core, or into the cores of its chip.
 *
 * @throws PlasticoreError `usage` for an unknown engine, or for a probe on a chip of many cores
 */
export function createMachine(
  { image, system }: Compiled,
  { engine, probe, crew }: MachineOptions = {},
): Core {
  const chosen = engine === undefined ? {} : { engine };
  if (system === undefined) return createCore(image, { ...chosen, probe });
  if (probe === undefined) return new System(system, { ...chosen, crew });
  throw new PlasticoreError(
    'usage',
    `a probe watches one core, and '${image.program}' is on a chip of many`,
    {
      hint: "choose an hw-model without 'chip', or read the counters of the chip",
    },
  );
}

/**
 * Refuses a state of another program, or of another number of cores.
 *
 * @param path where the state is in what it was read from, for the message
 * @throws PlasticoreError `data`
 */
export function checkMachineState(
  { image, system }: Compiled,
  state: CoreState,
  path: readonly PropertyKey[] = [],
): void {
  if (system === undefined) checkSaved(image, state, path);
  else checkSystemState(system, state, path);
}
