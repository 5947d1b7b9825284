import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { protocolTable } from '../../src/rtl/board/protocol.ts';

test('the page of docs has the commands that the stream takes', () => {
  expect(readFileSync('docs/build-your-core.md', 'utf8')).toContain(`\n${protocolTable()}\n`);
});
