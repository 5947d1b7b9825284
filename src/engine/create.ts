import type { CoreImage } from '../image/index.ts';
import { PlasticoreError, suggest } from '../text/index.ts';
import type { Core } from './core.ts';
import { FastCore } from './fast/fast-core.ts';
import { ReferenceCore, type ReferenceOptions } from './reference/reference-core.ts';

/** Every engine by name. */
const engines = {
  fast: (image: CoreImage, options: ReferenceOptions) => new FastCore(image, options),
  reference: (image: CoreImage, options: ReferenceOptions) => new ReferenceCore(image, options),
} satisfies Record<string, (image: CoreImage, options: ReferenceOptions) => Core>;

export type EngineName = keyof typeof engines;
export const engineNames = Object.keys(engines) as readonly EngineName[];
export const defaultEngine: EngineName = 'fast';

/**
 * Loads an image into a core.
 *
 * @param options.engine one of `engineNames`; results do not depend on it
 * @throws PlasticoreError `usage` for a name that is not in `engineNames`
 */
export function createCore(
  image: CoreImage,
  options: ReferenceOptions & { readonly engine?: string } = {},
): Core {
  return engines[checkEngine(options.engine ?? defaultEngine)](image, options);
}

/** @throws PlasticoreError `usage` for a name that is not in `engineNames` */
export function checkEngine(name: string): EngineName {
  const known = engineNames.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  throw new PlasticoreError('usage', `there is no engine '${name}'`, { hint: suggest(name, engineNames) });
}
