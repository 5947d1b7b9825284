import { readText } from '../fs/index.ts';
import { type GivenRules, withReadings } from '../import/index.ts';
import { textOption } from './options.ts';

export const readingsOption = textOption(
  'A file that says how to read neurons, all or those of single nodes; options take precedence',
);

/** How to read neurons: as options say, and where they are silent, as a file says. */
export function statedReadings(given: GivenRules, file: string | undefined): GivenRules {
  return file === undefined ? given : withReadings(given, readText(file), file);
}
