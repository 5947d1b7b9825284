import { describe, expect, test } from 'vitest';
import { inThorough, thorough } from '../../support/thorough.ts';
import { disassemble } from '../../wasm/wabt.ts';
import { checkProgram } from './check.ts';
import { Coverage } from './coverage.ts';

const batch = 50;
const programs = inThorough(500, 100);

/** Each module is validated when it is instantiated; some are validated again by wabt, which is slow. */
const modulesPerWabt = 20;

describe('random programs run alike on both engines', () => {
  const coverage = new Coverage();

  test.each(Array.from({ length: programs / batch }, (_, index) => 1 + index * batch))(
    'from seed %i',
    (first) => {
      for (let seed = first; seed < first + batch; seed++) {
        const module = checkProgram(seed, coverage);
        if (seed % modulesPerWabt === 0) disassemble(module);
      }
    },
  );

  const further = inThorough([502, 547, 619, 848, 903, 1237], []);

  if (thorough)
    test.each(further)('from seed %i, which reaches what the others do not', (seed) => {
      checkProgram(seed, coverage);
    });

  // Where only the first columns of a row are visited, the item of a NaN was named by a shorter row. A stochastic shift
  // overflowed its lanes.
  test.each([100_004_737, 200_001_663, 500_001_852])('from seed %i, which once found a fault', (seed) => {
    checkProgram(seed, new Coverage());
  });

  if (thorough)
    test('and reach every operation, rounding, gate, domain, mode, way to store and edge', () => {
      expect(coverage.missing()).toEqual([]);
    });
});
