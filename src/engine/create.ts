import type { Image } from '../image/index.ts';
import { PlasticoreError, suggest } from '../text/index.ts';
import type { Engine } from './engine.ts';
import { FastEngine } from './fast/engine.ts';
import { ReferenceEngine } from './reference/engine.ts';

/** Every engine by name. */
const engines = {
  fast: (image: Image) => new FastEngine(image),
  reference: (image: Image) => new ReferenceEngine(image),
} satisfies Record<string, (image: Image) => Engine>;

export type EngineName = keyof typeof engines;
export const engineNames = Object.keys(engines) as readonly EngineName[];
export const defaultEngine: EngineName = 'fast';

/** Loads an image into an engine; `usage` for a name that is not in `engineNames`. */
export function createEngine(name: string, image: Image): Engine {
  return engines[checkEngine(name)](image);
}

/** @throws PlasticoreError `usage` for a name that is not in `engineNames` */
export function checkEngine(name: string): EngineName {
  const known = engineNames.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  throw new PlasticoreError('usage', `there is no engine '${name}'`, { hint: suggest(name, engineNames) });
}
