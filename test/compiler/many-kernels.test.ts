import { afterEach, expect, test, vi } from 'vitest';
import { imageOf, roundCore } from '../support/core.ts';
import { inThorough } from '../support/thorough.ts';
import { smallProgram, smallRules } from './small.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** How many items lists are searched and walked for, by the methods that do so, while something runs. */
function itemsVisited(run: () => void): number {
  let visited = 0;
  for (const method of [
    'some',
    'every',
    'find',
    'findIndex',
    'filter',
    'map',
    'flatMap',
    'forEach',
  ] as const) {
    const original = Array.prototype[method] as (...given: unknown[]) => unknown;
    vi.spyOn(Array.prototype, method).mockImplementation(function (this: unknown[], ...given: unknown[]) {
      visited += this.length;
      return original.apply(this, given) as never;
    });
  }
  run();
  vi.restoreAllMocks();
  return visited;
}

test('kernels that nothing runs cost as many times more as there are more of them', () => {
  const count = inThorough(4000, 250);
  const compiled = (kernels: number): number => {
    const unused = Array.from(
      { length: kernels },
      (_, index) => `kernel unused${index} over neurons\n  ld r0, self.v\n  st r0, self.v\nend\n`,
    );
    const microcode = `${smallRules}\n${unused.join('')}`;
    return itemsVisited(() =>
      expect(imageOf(smallProgram, microcode, roundCore).kernels.length).toBeGreaterThan(0),
    );
  };
  const [none, once, twice] = [compiled(0), compiled(count), compiled(2 * count)];
  // Searching all earlier ones for each would come to four times.
  expect(twice - none).toBeGreaterThan(once - none);
  expect(twice - none).toBeLessThan(2.2 * (once - none));
});
