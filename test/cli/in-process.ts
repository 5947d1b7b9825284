import { expect, vi } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.ts';

/** What a command has left: its exit status, and what it has written. */
export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  /** The folder in which it runs; that of the tests if absent. */
  readonly cwd?: string;
  /** Called with what it writes to either stream, as it does. */
  onWrite?(text: string): void;
}

/**
 * Runs a command line in this process, from the sources. Where only its words, files and status count, that takes a
 * fraction of the time of a process of its own. One at a time: streams and folder are those of the process.
 */
export async function commandLine(
  args: readonly string[],
  { cwd, onWrite }: Surroundings = {},
): Promise<Finished> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += text;
      onWrite?.(String(text));
      return true;
    }),
  );
  const before = process.cwd();
  try {
    if (cwd !== undefined) process.chdir(cwd);
    return { status: await runCommandLine(args), ...written };
  } finally {
    process.chdir(before);
    for (const spy of spies) spy.mockRestore();
  }
}

/** Runs a command line that is wrong use or has wrong input: status 2, and no result. @returns what it says */
export async function refused(args: readonly string[], surroundings?: Surroundings): Promise<string> {
  const { status, stdout, stderr } = await commandLine(args, surroundings);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  return stderr;
}

/** Sends a signal to the command that runs in this process: to what it has registered for it. */
export function signalCommand(signal: NodeJS.Signals): void {
  process.emit(signal, signal);
}

/**
 * Runs a command line that gets a signal as soon as it has written a message. On its clock a minute passes at each
 * look, so that it tells all progress, and heeds signals after each sample.
 */
export async function stoppedLine(
  args: readonly string[],
  { signal, message }: { readonly signal: NodeJS.Signals; readonly message: string },
): Promise<Finished> {
  let ms = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    ms += 60_000;
    return ms;
  });
  try {
    return await commandLine(args, {
      onWrite: (text) => {
        if (text.includes(message)) signalCommand(signal);
      },
    });
  } finally {
    clock.mockRestore();
  }
}
