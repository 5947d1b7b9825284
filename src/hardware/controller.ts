import * as z from 'zod';
import type { ControllerData } from '../control/index.ts';
import {
  command,
  type Find,
  fileOf,
  isBareName,
  layerReader,
  type MergedFiles,
  type Override,
  overrideOf,
  PlasticoreError,
  type ResolveModule,
  resolveAt,
  type SourceModule,
  type SourceText,
} from '../text/index.ts';
import type { HwModel } from './model.ts';

/** Finds the other files that an hw-model needs: hw-models, tables of macros, and modules where code can be run. */
export interface ResolveForModel {
  (reference: string, from: string, kind?: 'macros'): SourceText;
  readonly module?: ResolveModule | undefined;
}

/** How hw-models find other files: all that `find` finds. */
export function resolveForModel(find: Find): ResolveForModel {
  const resolve = (reference: string, from: string, kind: 'hw-model' | 'macros' = 'hw-model') =>
    find(kind, reference, from);
  return Object.assign(resolve, { module: find.module });
}

/** The name of a module with a controller: its chip has the same one. */
const moduleFile = /(?:^|[\\/])([A-Za-z][\w-]*)\.m?js$/;

type Stated = Pick<
  MergedFiles<{
    readonly name?: string | undefined;
    readonly controller?: string | ControllerData | undefined;
  }>,
  'value' | 'locate'
>;

/**
 * Reads the key `controller`: the name of a chip, the path of a module, whose chip has the name of the file, or a
 * controller as data, whose chip has the name that it states, or else that of the hw-model. A module is found and
 * hashed, not run.
 *
 * @throws PlasticoreError `usage` where no module can be run, `invalid-value` for a file of another kind
 */
export function readController(
  { value: { name: model, controller }, locate }: Stated,
  { module: resolve }: ResolveForModel,
): Pick<HwModel, 'controller' | 'controllerModule' | 'controllerData'> {
  if (typeof controller === 'object')
    return { controller: controller.name ?? model, controllerData: controller };
  if (controller === undefined || isBareName(controller)) return { controller };
  const place = locate(['controller']);
  const name = moduleFile.exec(controller)?.[1];
  if (name === undefined)
    throw new PlasticoreError(
      'invalid-value',
      `controller: expected the name of a controller, or the path of a module that ends in .mjs, found '${controller}'`,
      { ...place, hint: 'the name of the file is that of its chip, such as ./my-chip.mjs' },
    );
  if (resolve === undefined)
    throw new PlasticoreError(
      'usage',
      `controller: '${controller}' is a module of code, and none is loaded here`,
      { ...place, hint: `a browser runs the bundled controllers alone; ${command('run')} loads others` },
    );
  return { controller: name, controllerModule: resolveAt(controller, fileOf(place), place, resolve) };
}

/**
 * The module that an hw-model names as its controller, without reading the rest of the model; undefined if it names
 * none.
 */
export function controllerModuleOf(
  text: string,
  file: string,
  resolve: ResolveForModel,
  overrides: readonly Override[] = [],
): SourceModule | undefined {
  const setting = overrideOf(overrides, ['controller']);
  if (setting !== undefined) {
    // A value that is no text is refused with the rest of the model.
    const controller = typeof setting.value === 'string' ? setting.value : undefined;
    const place = { ...setting.place, file: setting.place.file ?? file };
    return readController({ value: { controller }, locate: () => place }, resolve).controllerModule;
  }
  const schema = z.looseObject({ controller: z.string().optional().catch(undefined) });
  const extending = overrides.filter(({ path }) => path[0] === 'extends');
  return readController(layerReader('hw-model', { text, file }, schema, resolve)(extending), resolve)
    .controllerModule;
}
