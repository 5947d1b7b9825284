import * as z from 'zod';
import { itemNotHeld, type ProgramView } from '../image/index.ts';
import { expected, list, PlasticoreError, strictObject } from '../text/index.ts';
import { checkState } from './checks.ts';
import type { CoreState } from './state.ts';

const words = z.instanceof(Uint32Array, { error: expected('words of 32 bits') });

/** The shape of a core's state. {@link checkSaved} checks its contents. */
export const coreStateSchema: z.ZodType<CoreState> = strictObject({
  banks: list(words, 'one for each bank'),
  generators: words,
});

/**
 * Makes sure that a core can go on from a state: its lengths, a value of its field in each item, generators that move.
 *
 * @throws PlasticoreError `data`, with the place, such as `generators.3`
 */
export function checkSaved(image: ProgramView, state: CoreState, path: readonly PropertyKey[] = []): void {
  within(path, () => checkState(image, state));
  const item = itemNotHeld(image, state.banks);
  if (item !== undefined) fail([...path, 'banks'], item);
  const { lanes } = image.core;
  for (const [index, generator] of state.generators.entries()) {
    const at = [...path, 'generators', index];
    // Xorshift never reaches 0, and would not leave it. A declared generator keeps `far` bits.
    const { far = 32 } = image.generators[index - lanes] ?? {};
    if (index < lanes && generator === 0) fail(at, 'expected a state other than 0');
    if (generator >= 2 ** far) fail(at, `expected ${far} bits, found ${generator}`);
  }
}

/** Gives the fault of a check its place. */
function within(path: readonly PropertyKey[], check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof PlasticoreError) fail(path, error.message);
    throw error;
  }
}

function fail(path: readonly PropertyKey[], message: string): never {
  const place = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
  throw new PlasticoreError('data', `${place}${message}`);
}
