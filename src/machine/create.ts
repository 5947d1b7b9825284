import { type CoreState, checkSaved, createCore } from '../engine/index.ts';
import { type Image, isSpread } from '../image/index.ts';
import type { Machine, MachineOptions } from './machine.ts';
import { ManyCores } from './many-cores.ts';
import { OneCore } from './one-core.ts';
import { statesOf } from './states.ts';

/**
 * Loads a compiled program into its cores. Of a chip with a controller of its own, whose cores all start alike, it is
 * the first one: the controller makes the others.
 *
 * @throws PlasticoreError `usage` for an unknown engine, and for threads on the reference engine
 */
export function createMachine(image: Image, { engine, watch, crew }: MachineOptions = {}): Machine {
  const chosen = engine === undefined ? {} : { engine };
  if (isSpread(image)) return new ManyCores(image, { ...chosen, watch, crew });
  const [first] = image.cores;
  if (first === undefined) throw new Error(`'${image.program}' is on no core`);
  return new OneCore(image, createCore(first.image, { ...chosen, ...watch?.core(0), index: first.number }));
}

/**
 * Refuses a state of another program, or of other cores.
 *
 * @param path where the state is in what it was read from, for the message
 * @throws PlasticoreError `data`
 */
export function checkMachineState(image: Image, state: CoreState, path: readonly PropertyKey[] = []): void {
  const cores = isSpread(image) ? image.cores : image.cores.slice(0, 1);
  for (const [index, own] of statesOf({ ...image, cores }, state).entries()) {
    const core = cores[index];
    if (core !== undefined) checkSaved(core.image, own, path);
  }
}
