import { vi } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.ts';
import type { Finished } from './spawn.ts';

/**
 * Runs a command line in this process, from the sources. Where only its words, files and status count, that takes a
 * fraction of the time of a process of its own.
 */
export async function commandLine(args: readonly string[]): Promise<Finished> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += text;
      return true;
    }),
  );
  try {
    return { status: await runCommandLine(args), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
