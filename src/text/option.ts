/**
 * Options in messages. The same option is a flag on the command line and a key in code. A message therefore names its
 * key, and whoever shows the message spells it: {@link asKey} for library users, flags for the command line.
 */

/** Delimiters that do not occur in what people write. */
const opening = '\u{e000}';
const closing = '\u{e001}';
const marked = new RegExp(`${opening}([A-Za-z0-9]+)(?: (.*?))?${closing}`, 'gs');

/** How an option is shown, with its value if the message states one. */
export type SpellOption = (key: string, value: string | undefined) => string;

/** An option within the message of a `PlasticoreError`, as code writes it: `option('out')`, `option('epochs', 1)`. */
export function option(key: string, value?: string | number): string {
  return `${opening}${key}${value === undefined ? '' : ` ${value}`}${closing}`;
}

/** Whether a text begins with an option. */
export function beginsWithOption(text: string): boolean {
  return text.startsWith(opening);
}

/** Spells an option as a key of a function's options. */
export const asKey: SpellOption = (key, value) => (value === undefined ? `'${key}'` : `${key} '${value}'`);

/** Spells an option as a command line does: `--checkpoint-seconds 60`. */
export const asFlag: SpellOption = (key, value) => {
  const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return value === undefined ? flag : `${flag} ${value}`;
};

/**
 * A command of this package within a text: `command('run EXPERIMENT', option('out', 'DIR'))`. Its options are flags for
 * every reader, since it is to be typed as it stands.
 */
export function command(words: string, ...options: readonly string[]): string {
  return spellOptions(['plasticore', words, ...options].join(' '), asFlag);
}

/** A text with its options spelled. */
export function spellOptions(text: string, spell: SpellOption): string {
  return text.replace(marked, (_, key: string, value: string | undefined) => spell(key, value));
}
