import { writeFileSync } from 'node:fs';
import { readersFolder, readmePath, readReadme } from './reader.ts';
import { refreshed, transcriptsOf } from './readme.ts';

// npx tsx test/package/refresh-readme.ts    puts what the commands of README.md print now in the place of what it shows

const readme = readReadme();
const lines = readme.split('\n');
const { run, remove } = readersFolder();
try {
  for (const { command, lines: shown, firstLine } of transcriptsOf(readme)) {
    lines.splice(firstLine, shown.length, ...refreshed(shown, run(command)));
  }
} finally {
  remove();
}
writeFileSync(readmePath, lines.join('\n'));
