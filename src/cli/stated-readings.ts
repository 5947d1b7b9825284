import { readText } from '../fs/index.ts';
import { type GivenRules, withReadings } from '../import/index.ts';
import { textOption } from './options.ts';

export const readingsOption = textOption(
  'A file that says how to read neurons, all or those of single nodes; options take precedence',
);

/** What options say of how neurons are read, and a file where they say nothing. */
export function statedReadings(given: GivenRules, file: string | undefined): GivenRules {
  return file === undefined ? given : withReadings(given, readText(file), file);
}
