import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/*
 * What Node's own comparison finds the same is the same to `toEqual` and `toStrictEqual`, too, and Node compares
 * arrays of numbers as bytes. Vitest goes through them item by item, which takes seconds for the memories of a core:
 * it does so now only to tell where two values differ.
 */
expect.addEqualityTesters([(a, b) => (isDeepStrictEqual(a, b) ? true : undefined)]);
