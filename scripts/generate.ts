import { staleFiles, writeGenerated } from './generated-files.ts';

// npx tsx scripts/generate.ts             writes the generated files of the package in the current directory
// npx tsx scripts/generate.ts --check     only compares: exit status 1 where one is stale, 2 for wrong use

const [option, ...more] = process.argv.slice(2);
if (more.length > 0 || (option !== undefined && option !== '--check')) {
  console.error(`unknown argument '${more[0] ?? option}'; usage: npx tsx scripts/generate.ts [--check]`);
  process.exitCode = 2;
} else if (option === '--check') {
  const stale = staleFiles(process.cwd());
  for (const path of stale) console.error(`${path} is stale: run npx tsx scripts/generate.ts`);
  if (stale.length > 0) process.exitCode = 1;
} else {
  writeGenerated(process.cwd());
}
