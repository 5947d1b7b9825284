import * as z from 'zod';
import { found, text } from '../text/index.ts';

/** A number or a formula over the program's parameters and the precision's widths. */
export const formula = z.union([z.number(), z.string()], {
  error: () => 'expected a number or a formula',
});

export const wholeNumber = (low: number, most = Number.MAX_SAFE_INTEGER) => {
  const error = (issue: { readonly input?: unknown }) => {
    const isOver = typeof issue.input === 'number' && issue.input > most;
    return `expected a whole number of at ${isOver ? `most ${most}` : `least ${low}`}, found ${found(issue.input)}`;
  };
  return z.int({ error }).min(low, { error }).max(most, { error });
};

/** One of a few words. */
export function choice<const Words extends readonly [string, string, ...string[]]>(words: Words) {
  const list = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return z.enum(words, { error: (issue) => `expected ${list}, found ${found(issue.input)}` });
}

/** The only word that a key accepts. */
export function word<const Word extends string>(only: Word) {
  return z.literal(only, { error: (issue) => `expected ${only}, found ${found(issue.input)}` });
}

export const fieldName = text('a field, population.field');
