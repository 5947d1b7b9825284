import type { CoreImage } from '../../image/index.ts';
import type { HookName } from './emit/events/hooks.ts';
import { writeModule } from './emit/events/module.ts';
import type { Place } from './plan/memory/memory-map.ts';
import { type ModulePlan, planModule } from './plan/module-plan.ts';

/** The code of an image, and the decisions behind it. Any number of cores share it. */
export interface CoreModule extends ModulePlan {
  /** The generated module, for inspection. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly module: WebAssembly.Module;
}

const compiled = new WeakMap<CoreImage, Map<string, CoreModule>>();

/**
 * Generates and compiles the module of an image, once for each image, each set of hooks and each base.
 *
 * @param hooks the hooks of a probe that the code calls
 * @param options.isShared whether its memory is one that threads share
 * @param options.place where the core lies in a memory that it shares with other cores; one whose fields lie elsewhere
 *   is compiled alone
 */
export function compileModule(
  image: CoreImage,
  hooks: readonly HookName[] = [],
  { isShared = false, place }: { readonly isShared?: boolean; readonly place?: Place | undefined } = {},
): CoreModule {
  if (place !== undefined && place.fields.size > 0) return makeModule(image, hooks, isShared, place);
  const key = `${hooks.join()}${isShared ? ' shared' : ''}${place === undefined ? '' : ` at ${place.base}`}`;
  const known = compiled.get(image) ?? new Map<string, CoreModule>();
  compiled.set(image, known);
  const made = known.get(key) ?? makeModule(image, hooks, isShared, place);
  known.set(key, made);
  return made;
}

function makeModule(
  image: CoreImage,
  hooks: readonly HookName[],
  isShared: boolean,
  place?: Place,
): CoreModule {
  const plan = planModule(image, place);
  const bytes = writeModule(plan, hooks, isShared);
  return { ...plan, bytes, module: new WebAssembly.Module(bytes) };
}
