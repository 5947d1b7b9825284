/** Why something is refused, as data: an error's class does not pass between threads. */
import { PlasticoreError } from '../../src/text/index.ts';
import type { Outcome } from '../shared/protocol.ts';

/** The outcome of a promise. */
export async function settled<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return refused(error);
  }
}

/** The outcome of a function: its result, or its error. */
export function settledNow<T>(work: () => T): Outcome<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return refused(error);
  }
}

function refused(error: unknown): { readonly ok: false; readonly error: PlasticoreError['parts'] } {
  if (error instanceof RangeError && error.message.includes('WebAssembly.Memory'))
    return refused(
      new PlasticoreError('system', 'the browser has no room for the memories of so many simulated cores', {
        hint: 'run it on the command line, or set fewer cores (placement.cores of its program)',
      }),
    );
  if (error instanceof PlasticoreError) return { ok: false, error: error.parts };
  throw error;
}

/** Single samples are asked of a second machine, which some chips do not let one have. */
export function unwatched(): PlasticoreError {
  return new PlasticoreError(
    'usage',
    'the host of this chip makes its own cores, so no single sample can be watched',
  );
}
