import type { Command, CommandGroup } from './command.ts';
import { compile } from './compile.ts';
import { data } from './data.ts';
import { hw } from './hw.ts';
import { init } from './init.ts';
import { inspect } from './inspect.ts';
import { memory } from './memory.ts';
import { report } from './report.ts';
import { run } from './run.ts';
import { sweep } from './sweep.ts';
import { verify } from './verify.ts';

/** Every command, in the order of the help. A new one is an entry here. */
export const commands: readonly (Command | CommandGroup)[] = [
  run,
  sweep,
  report,
  compile,
  inspect,
  memory,
  verify,
  hw,
  data,
  init,
];
