import { PlasticoreError } from './error.ts';

/**
 * The result of an action, or the error that it throws, where that is a result, too.
 *
 * @throws whatever is no PlasticoreError
 */
export function attempt<T>(action: () => T): T | PlasticoreError {
  try {
    return action();
  } catch (error) {
    return refusal(error);
  }
}

/** An error as a result, for promises: `load().catch(refusal)`. Throws whatever is no PlasticoreError. */
export function refusal(error: unknown): PlasticoreError {
  if (error instanceof PlasticoreError) return error;
  throw error;
}

/** An error on one line, with what would help. */
export function reasonOf({ message, hint }: PlasticoreError): string {
  return hint === undefined ? message : `${message}; ${hint}`;
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
