import { defineConfig } from 'vitest/config';
import CountReporter from './test/support/count-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A worker keeps its modules from file to file: loading them anew took half of the processor time.
    isolate: false,
    reporters: ['default', new CountReporter()],
    // By default one processor is left idle.
    maxWorkers: '100%',
    testTimeout: 60_000,
  },
});
