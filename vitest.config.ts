import { defineConfig } from 'vitest/config';
import { testsBeside } from './test/support/changed.ts';
import CountReporter from './test/support/count-reporter.ts';
import { testsWithMore } from './test/support/with-more.ts';

/** Tests that need programs of others, minutes, or many seeds. */
const thorough = 'test/**/*.thorough.test.ts';

/** Of `--changed`, all of the house imports most files: the tests beside them suffice until the next whole run. */
const option = process.argv.find((word) => word === '--changed' || word.startsWith('--changed='));
const changed = option === undefined ? undefined : testsBeside(option.split('=')[1] ?? 'HEAD');

// `--mode thorough` runs those, and the tests that take more seeds and cases then; `--mode all` all tests.
export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'thorough' ? [thorough, ...testsWithMore()] : (changed ?? ['test/**/*.test.ts']),
    exclude: mode === 'thorough' || mode === 'all' ? [] : [thorough],
    env: mode === 'thorough' || mode === 'all' ? { PLASTICORE_TESTS: 'all' } : {},
    setupFiles: ['test/support/setup.ts'],
    // A worker keeps its modules from file to file.
    isolate: false,
    // Node's own imports, with types removed by tsx. Through Vite's, each use of an imported name is a call: the tests of
    // the reference engine took twice the time.
    execArgv: ['--import', 'tsx'],
    experimental: { viteModuleRunner: false, nodeLoader: false },
    reporters: ['default', new CountReporter()],
    // By default one processor is left idle. More workers than processors gain nothing.
    maxWorkers: '100%',
    testTimeout: 60_000,
    // A busy machine takes more than the second that is the default.
    expect: { poll: { timeout: 30_000 } },
  },
}));
