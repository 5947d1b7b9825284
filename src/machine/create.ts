import { type Core, type CoreState, checkSaved, createCore } from '../engine/index.ts';
import { type Image, isSpread } from '../image/index.ts';
import type { Machine, MachineOptions } from './machine.ts';
import { ManyCores } from './many-cores.ts';
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
  return oneCore(image, createCore(first.image, { ...chosen, ...watch?.core(0), index: first.number }));
}

/** A machine of a single core, which executes the program's lists by itself: that core, with the program's image. */
function oneCore(image: Image, core: Core): Machine {
  return {
    image,
    cores: [core],
    engine: core.engine,
    get emitted() {
      return core.emitted;
    },
    get stepsDone() {
      return core.stepsDone;
    },
    setEpoch: core.setEpoch.bind(core),
    begin: core.begin.bind(core),
    receive: core.receive.bind(core),
    step: core.step.bind(core),
    finish: core.finish.bind(core),
    spikesOf: core.spikesOf.bind(core),
    countSpikes: core.countSpikes.bind(core),
    read: core.read.bind(core),
    write: core.write.bind(core),
    counters: core.counters.bind(core),
    resetCounters: core.resetCounters.bind(core),
    busyCycles: core.busyCycles.bind(core),
    save: core.save.bind(core),
    restore: core.restore.bind(core),
    checkpoint: core.checkpoint.bind(core),
    resume: core.resume.bind(core),
  };
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
