import * as z from 'zod';
import { chips as bundledChips, type Chip } from '../../chips/index.ts';
import { loadChip } from '../../chips/node.ts';
import { findFile } from '../../fs/index.ts';
import { controllerModuleOf, resolveForModel } from '../../hardware/index.ts';
import {
  attempt,
  isBareName,
  overrideOf,
  PlasticoreError,
  parseYaml,
  recordOf,
  type SourceModule,
  type SourceText,
} from '../../text/index.ts';
import type { FileReference } from './deploy.ts';
import { type Experiment, loadExperiment } from './load.ts';
import { experimentSettings, noSettings, type Settings } from './settings.ts';

/** How to open an experiment. */
export interface OpenOptions {
  readonly settings?: Settings | undefined;
  /** Other hw-models that it is to run on. */
  readonly hw?: readonly string[] | undefined;
  /** Called before the code of a module is run. */
  readonly onModule?: ((module: SourceModule) => void) | undefined;
}

/**
 * Reads an experiment, with the chips that its hw-models name as modules.
 *
 * @param reference a bundled experiment's name, or the path of a file
 * @throws PlasticoreError with the faults that were found, or for a module that is no chip
 */
export async function openExperiment(reference: string, options: OpenOptions = {}): Promise<Experiment> {
  const { settings = noSettings } = options;
  const source = findFile('experiment', reference, '');
  const chips = await loadChips(modulesFor(source, options), options.onModule);
  return loadExperiment(source, settings.experiment, chips);
}

/** The bundled chips, and those of modules; each is loaded once. */
export async function loadChips(
  modules: readonly SourceModule[],
  onModule?: (module: SourceModule) => void,
): Promise<readonly Chip[]> {
  const loaded: Chip[] = [];
  for (const module of modules) {
    if (loaded.some((chip) => chip.module?.url === module.url)) continue;
    onModule?.(module);
    loaded.push(await loadChip(module));
  }
  return [...bundledChips, ...loaded];
}

/** The modules that the hw-models of an experiment name. Faults in the experiment are left to its reader. */
function modulesFor(
  source: SourceText,
  { settings = noSettings, hw = [] }: OpenOptions,
): readonly SourceModule[] {
  const named = z.looseObject({ hw: z.string(), set: recordOf(z.string(), z.unknown()).default({}) });
  const stated = attempt(() => {
    const { value, locate } = parseYaml(source.text, source.file, named, settings.experiment);
    const own: FileReference = { name: value.hw, from: source.file };
    return { own, set: experimentSettings(value.set, (path) => locate(['set', path])).hw };
  });
  if (stated instanceof PlasticoreError) return [];
  const overrides = [...stated.set, ...settings.hw];
  const isSet = overrideOf(overrides, ['controller']) !== undefined;
  // Its own model is read even if others replace it: its chip has a section in the experiment.
  const models = [stated.own, ...hw.map((name): FileReference => ({ name, from: '' }))];
  return models.flatMap(({ name, from }) => {
    // No bundled model names a module, and there may be many.
    if (isBareName(name) && !isSet) return [];
    const { text, file } = findFile('hw-model', name, from);
    return controllerModuleOf(text, file, resolveForModel(findFile), overrides) ?? [];
  });
}
