#!/usr/bin/env node
import { cannotWrite } from '../fs/index.ts';
import { runCommandLine } from './command-line.ts';

// A reader that has seen enough, such as `head`, closes the pipe; that is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`plasticore: ${cannotWrite('standard output', error).describe()}\n`);
  process.exit(1);
});
// If messages cannot be shown, only the exit status is left.
process.stderr.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? undefined : 1),
);

process.exitCode = await runCommandLine(process.argv.slice(2));
