import type { SpellOption } from '../text/index.ts';

/** Spells an option in a message as the command line does: `--checkpoint-seconds 60`. */
export const asFlag: SpellOption = (key, value) => {
  const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return value === undefined ? flag : `${flag} ${value}`;
};
