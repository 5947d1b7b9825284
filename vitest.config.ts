import { defineConfig } from 'vitest/config';
import CountReporter from './test/support/count-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A worker keeps its modules from file to file. Loaded anew for each, test/hardware and test/report take 23 s of
    // processor time and not 13; the whole suite was not measured.
    isolate: false,
    reporters: ['default', new CountReporter()],
    // By default one processor is left idle.
    maxWorkers: '100%',
    testTimeout: 60_000,
  },
});
