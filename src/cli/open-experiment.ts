import type { Chip } from '../chips/index.ts';
import {
  type Experiment,
  joinSettings,
  parseSettings,
  pathSetting,
  type Settings,
} from '../experiment/index.ts';
import { loadChips, openExperiment } from '../experiment/node.ts';
import { findFile } from '../fs/index.ts';
import { readController, resolveForModel } from '../hardware/index.ts';
import { option, type SourceModule } from '../text/index.ts';
import type { Terminal } from './terminal.ts';

/** The values of options that decide what an experiment is. */
interface OpenLine {
  readonly experiment: string;
  readonly hw?: string | readonly string[] | undefined;
  readonly chip?: string | undefined;
  readonly set?: readonly string[] | undefined;
}

/** The settings of a command line: `--set`, and `--chip`, which replaces the controller of the hw-model. */
export function settingsOf({ set = [], chip }: Pick<OpenLine, 'chip' | 'set'>): Settings {
  const settings = parseSettings(set);
  if (chip === undefined) return settings;
  return joinSettings(settings, pathSetting('hw.controller', chip, { file: option('chip') }));
}

/** Reads the experiment of a command line. Code that this loads is announced before it runs. */
export async function openExperimentOf(
  line: OpenLine,
  terminal: Terminal,
): Promise<{ readonly experiment: Experiment; readonly settings: Settings }> {
  const settings = settingsOf(line);
  const hw = typeof line.hw === 'string' ? [line.hw] : line.hw;
  const experiment = await openExperiment(line.experiment, { settings, hw, onModule: saying(terminal) });
  return { experiment, settings };
}

/** Says on a terminal that the code of a module runs. */
function saying(terminal: Terminal): (module: SourceModule) => void {
  return ({ file, sha256 }) => terminal.note(`runs the code of ${file}, SHA-256 ${sha256}`);
}

/** The bundled chips, and the one of the option `--chip`. */
export async function chipsOf(chip: string | undefined, terminal: Terminal): Promise<readonly Chip[]> {
  const stated = { value: { controller: chip }, locate: () => ({ file: option('chip') }) };
  const { controllerModule } = readController(stated, resolveForModel(findFile));
  return loadChips(controllerModule === undefined ? [] : [controllerModule], saying(terminal));
}
