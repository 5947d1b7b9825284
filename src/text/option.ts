/**
 * Options in messages. The same option is a flag on the command line and a key in code, so a message names its key, and
 * whoever shows the message spells it: {@link asKey} for library users, flags for the command line.
 */

/** Neither occurs in what people write. */
const opening = '\u{e000}';
const closing = '\u{e001}';
const marked = new RegExp(`${opening}([A-Za-z0-9]+)(?: (.*?))?${closing}`, 'gs');

/** How an option is shown, with its value where the message states one. */
export type SpellOption = (key: string, value: string | undefined) => string;

/** An option within a message of a `PlasticoreError`, as it is written in code: `option('out')`, `option('epochs', 1)`. */
export function option(key: string, value?: string | number): string {
  return `${opening}${key}${value === undefined ? '' : ` ${value}`}${closing}`;
}

/** Whether a text begins with an option. */
export function beginsWithOption(text: string): boolean {
  return text.startsWith(opening);
}

/** As a key of the options that a function takes. */
export const asKey: SpellOption = (key, value) => (value === undefined ? `'${key}'` : `${key} '${value}'`);

/** A text with its options spelled. */
export function spellOptions(text: string, spell: SpellOption): string {
  return text.replace(marked, (_, key: string, value: string | undefined) => spell(key, value));
}
