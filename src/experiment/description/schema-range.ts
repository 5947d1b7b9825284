import { key, strictObject, whole } from '../../text/index.ts';

/**
 * Numbers in a row, both ends included, from 0 on if no first one is stated.
 *
 * @param what one of them, as in `a sample`
 * @param about the last of them
 */
export const rangeOf = (what: string, about: string, example: number) =>
  strictObject({
    first: key(whole(`the number of ${what}`, 0).default(0), 'The first of them, counted from 0.', 0),
    last: key(whole(`the number of ${what}`, 0), about, example),
  }).superRefine(({ first, last }, context) => {
    if (last >= first) return;
    const message = `expected ${what} from ${first} on, found ${last}`;
    context.addIssue({ code: 'custom', path: ['last'], message });
  });
