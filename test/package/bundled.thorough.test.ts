import { test } from 'vitest';
import { bundledCells, expectCompiles } from './bundled.ts';

test.each(bundledCells.filter(({ cores }) => cores >= 16))(
  'experiment $name compiles at $precision',
  expectCompiles,
);
