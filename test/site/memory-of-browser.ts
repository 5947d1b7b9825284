import { readdirSync, readFileSync } from 'node:fs';

/**
 * The memory in bytes that the browsers which this process has started take, all their processes together: what only
 * they have, and their share of what they have with others. Linux alone tells.
 */
export function browserBytes(): number {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(name)]),
  );
  const isBelow = (process: number): boolean => {
    const parent = parents.get(process);
    return parent !== undefined && (parent === globalThis.process.pid || isBelow(parent));
  };
  return [...parents.keys()]
    .filter((process) => isBelow(process) && isBrowsers(process))
    .reduce((sum, process) => sum + shareOf(process), 0);
}

/**
 * Whether it is one of Chromium's: the first has a folder for a profile, and all others name their type. A bundler that
 * made the site lives on below this process, too. Where a process has written its command line anew, spaces stand in
 * it.
 */
function isBrowsers(process: number): boolean {
  return /[\0 ]--(user-data-dir|type)=/.test(textOf(`/proc/${process}/cmdline`));
}

/** A process that has ended meanwhile has none. */
function parentOf(process: string): number | undefined {
  const stat = textOf(`/proc/${process}/stat`);
  // The name of the program, in brackets, may have spaces.
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return parent === undefined ? undefined : Number(parent);
}

function shareOf(process: number): number {
  const [, kilobytes] = /^Pss:\s+(\d+) kB$/m.exec(textOf(`/proc/${process}/smaps_rollup`)) ?? [];
  return Number(kilobytes ?? 0) * 1024;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
