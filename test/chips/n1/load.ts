import { fileURLToPath } from 'node:url';
import { loadChips } from '../../../src/experiment/node.ts';
import { findFile } from '../../../src/fs/index.ts';
import type { GoldenFormat, Verdict } from '../../../src/golden/index.ts';
import { goldenFormats } from '../../../src/trace/index.ts';
import { replayContext } from '../replay-context.ts';

/** The module of N1. */
export const n1Module = fileURLToPath(new URL('./n1.mjs', import.meta.url));

const module = findFile.module?.(n1Module, '');
if (module === undefined) throw new Error('no module can be run here');

const formats = await goldenFormats(await loadChips([module]));
const format = formats.find(({ name }) => name === 'catalyst-n1-golden/1');

/** Reads and replays a recording, as `verify --chip` does. */
export function replay(value: unknown, engine = 'fast'): Verdict {
  return known(format)
    .read({ value, file: 'x.json', locate: () => ({ file: 'x.json' }) })
    .replay({ ...replayContext, engine });
}

function known(found: GoldenFormat | undefined): GoldenFormat {
  if (found === undefined) throw new Error('N1 has no format');
  return found;
}
