import type { Image } from '../../image/index.ts';
import { type HookName, writeModule } from './emit/events/index.ts';
import { type CounterMap, mapCounters } from './plan/counters/index.ts';
import { type MemoryMap, mapMemory, mapScratch, type ScratchMap } from './plan/memory/index.ts';

/** The code of an image, and where it keeps what in the linear memory. Any number of cores share it. */
export interface CoreModule {
  readonly map: MemoryMap;
  readonly counters: CounterMap;
  readonly scratch: ScratchMap;
  /** The generated module, for inspection. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly module: WebAssembly.Module;
}

const compiled = new WeakMap<Image, Map<string, CoreModule>>();

/**
 * Generates and compiles the module of an image, once for each image and each set of hooks.
 *
 * @param hooks the hooks of a probe that the code calls
 */
export function compileModule(image: Image, hooks: readonly HookName[] = []): CoreModule {
  const key = hooks.join();
  const known = compiled.get(image) ?? new Map<string, CoreModule>();
  compiled.set(image, known);
  const made = known.get(key) ?? makeModule(image, hooks);
  known.set(key, made);
  return made;
}

function makeModule(image: Image, hooks: readonly HookName[]): CoreModule {
  const counters = mapCounters(image);
  const map = mapMemory(image, counters.slots);
  const scratch = mapScratch(image, map, counters);
  const bytes = writeModule({ image, map, counters, scratch, hooks });
  return { map, counters, scratch, bytes, module: new WebAssembly.Module(bytes) };
}
