import type { Reporter, SerializedError, TestModule, TestSuite } from 'vitest/node';

/**
 * Ends a test run with one plain line, `N passed, N failed`, plus `, N skipped` if some were skipped; before it, a line
 * for each thing that skipped tests need.
 *
 * A failure outside a test (a file that cannot be loaded, a hook, an uncaught error) also counts as failed, so that no
 * failing run ends in `0 failed`.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap(({ children }) => [...children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const owners: (TestModule | TestSuite)[] = modules.flatMap((module) => [
      module,
      ...module.children.allSuites(),
    ]);
    const outside = owners.reduce((sum, owner) => sum + owner.errors().length, unhandled.length);
    const causes = new Map<string, number>();
    for (const test of tests) {
      if (test.result().state !== 'skipped') continue;
      const cause = test.meta().needs ?? 'nothing that would run them';
      causes.set(cause, (causes.get(cause) ?? 0) + 1);
    }
    for (const [cause, skipped] of [...causes].sort(([a], [b]) => a.localeCompare(b)))
      process.stdout.write(`${skipped} skipped, which need ${cause}\n`);
    const parts = [`${count('passed')} passed`, `${count('failed') + outside} failed`];
    if (count('skipped') > 0) parts.push(`${count('skipped')} skipped`);
    process.stdout.write(`${parts.join(', ')}\n`);
  }
}
