import type { Image } from '../../image/index.ts';
import { writeModule } from './emit/events/index.ts';
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

const compiled = new WeakMap<Image, CoreModule>();

/** Generates and compiles the module of an image, once for each image. */
export function compileModule(image: Image): CoreModule {
  const known = compiled.get(image);
  if (known !== undefined) return known;
  const counters = mapCounters(image);
  const map = mapMemory(image, counters.slots);
  const scratch = mapScratch(image, map, counters);
  const bytes = writeModule(image, map, counters, scratch);
  const made = { map, counters, scratch, bytes, module: new WebAssembly.Module(bytes) };
  compiled.set(image, made);
  return made;
}
