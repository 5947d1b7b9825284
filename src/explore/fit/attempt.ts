import { type CellChoice, joinSettings, noSettings, parseSettings } from '../../experiment/index.ts';
import { PlasticoreError } from '../../text/index.ts';

/** A choice with settings, as `path=value`, after its own. */
export function withSettings(choice: CellChoice, set: readonly string[]): CellChoice {
  return { ...choice, settings: joinSettings(choice.settings ?? noSettings, parseSettings(set)) };
}

/**
 * What an attempt to load or to compile gives; undefined if it is refused. The design itself is known to have no fault but its
 * size, so a refusal of any kind is due to the change.
 */
export function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof PlasticoreError) return undefined;
    throw error;
  }
}
