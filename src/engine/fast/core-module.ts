import type { Image } from '../../image/index.ts';
import type { HookName } from './emit/events/hooks.ts';
import { writeModule } from './emit/events/module.ts';
import { type ModulePlan, planModule } from './plan/module-plan.ts';

/** The code of an image, and what was decided about it. Any number of cores share it. */
export interface CoreModule extends ModulePlan {
  /** The generated module, for inspection. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly module: WebAssembly.Module;
}

const compiled = new WeakMap<Image, Map<string, CoreModule>>();

/**
 * Generates and compiles the module of an image, once for each image and each set of hooks.
 *
 * @param hooks the hooks of a probe that the code calls
 * @param options.isShared whether its memory is one that threads share
 */
export function compileModule(
  image: Image,
  hooks: readonly HookName[] = [],
  { isShared = false }: { readonly isShared?: boolean } = {},
): CoreModule {
  const key = `${hooks.join()}${isShared ? ' shared' : ''}`;
  const known = compiled.get(image) ?? new Map<string, CoreModule>();
  compiled.set(image, known);
  const made = known.get(key) ?? makeModule(image, hooks, isShared);
  known.set(key, made);
  return made;
}

function makeModule(image: Image, hooks: readonly HookName[], isShared: boolean): CoreModule {
  const plan = planModule(image);
  const bytes = writeModule(plan, hooks, isShared);
  return { ...plan, bytes, module: new WebAssembly.Module(bytes) };
}
