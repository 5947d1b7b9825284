import { expect } from 'vitest';
import { type ErrorCode, PlasticoreError } from '../../src/source/index.ts';

/** Expects `action` to throw a PlasticoreError of this code whose full description has all these parts. */
export function expectError(action: () => unknown, code: ErrorCode, ...parts: readonly string[]): void {
  let caught: unknown;
  try {
    action();
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(PlasticoreError);
  const error = caught as PlasticoreError;
  expect(error.code).toBe(code);
  for (const part of parts) expect(error.describe()).toContain(part);
}
