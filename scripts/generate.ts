import { generate } from './generated-files.ts';

// npx tsx scripts/generate.ts             writes the generated files of the package in the current directory
// npx tsx scripts/generate.ts --check     only compares: exit status 1 where one is stale, 2 for wrong use

const { status, messages } = generate(process.argv.slice(2), process.cwd());
for (const message of messages) console.error(message);
process.exitCode = status;
