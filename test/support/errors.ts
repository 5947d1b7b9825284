import { expect } from 'vitest';
import { type ErrorCode, PlasticoreError } from '../../src/text/index.ts';

/** Expects `action` to throw a PlasticoreError of this code whose full description has all these parts. */
export function expectError(action: () => unknown, code: ErrorCode, ...parts: readonly string[]): void {
  let caught: unknown;
  try {
    action();
  } catch (error) {
    caught = error;
  }
  expectDescribed(caught, code, parts);
}

/** The same of a promise that fails. */
export async function expectRejection(
  promise: Promise<unknown>,
  code: ErrorCode,
  ...parts: readonly string[]
): Promise<void> {
  const caught = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expectDescribed(caught, code, parts);
}

function expectDescribed(caught: unknown, code: ErrorCode, parts: readonly string[]): void {
  expect(caught).toBeInstanceOf(PlasticoreError);
  const error = caught as PlasticoreError;
  expect(error.code).toBe(code);
  for (const part of parts) expect(error.describe()).toContain(part);
}

/** The PlasticoreError that an action throws. */
export function failureOf(action: () => unknown): PlasticoreError {
  try {
    action();
  } catch (error) {
    if (error instanceof PlasticoreError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
