import { afterAll, describe, expect, test } from 'vitest';
import { pages, readersFolder, readPage } from './reader.ts';
import { firstMissing, transcriptsOf } from './readme.ts';

describe.each(pages.filter((page) => transcriptsOf(readPage(page)).length > 0))('%s', (page) => {
  const reader = readersFolder(page);
  afterAll(() => reader.remove());

  test.each(transcriptsOf(readPage(page)).map(({ command, lines }) => [command, lines] as const))(
    'plasticore %s prints what it shows (else: npx tsx test/package/refresh-readme.ts)',
    { timeout: 300_000 },
    (command, lines) => {
      const output = reader.run(command);
      const missing = firstMissing(lines, output);
      expect(missing, `not where ${page} has it in:\n${output.join('\n')}`).toBeUndefined();
    },
  );
});
