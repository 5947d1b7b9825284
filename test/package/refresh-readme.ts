import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/root.ts';
import { pages, readersFolder, readPage } from './reader.ts';
import { refreshed, transcriptsOf } from './readme.ts';

// npx tsx test/package/refresh-readme.ts           replaces what the pages show by what their commands print now
// npx tsx test/package/refresh-readme.ts PAGE...   only on these pages

const given = process.argv.slice(2);
for (const page of given.length > 0 ? given : pages) {
  const before = readPage(page);
  const transcripts = transcriptsOf(before);
  if (transcripts.length === 0) continue;
  const lines = before.split('\n');
  const { run, remove } = readersFolder(page);
  try {
    for (const { command, lines: shown, firstLine } of transcripts) {
      lines.splice(firstLine, shown.length, ...refreshed(shown, run(command)));
    }
  } finally {
    remove();
  }
  writeFileSync(join(root, page), lines.join('\n'));
}
