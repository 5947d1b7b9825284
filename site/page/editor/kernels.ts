/** Kernels in a text of microcode, and which of the running kernels they are. */
import type { KernelView } from '../../shared/protocol.ts';

/** A kernel or routine in a text. Lines count from 1; the last one is its `end`, or the line before the next. */
export interface OutlineItem {
  readonly is: 'kernel' | 'routine';
  readonly name: string;
  /** `neurons`, `synapses`; empty for a routine, and while nobody has written it. */
  readonly domain: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

/** The kernels and routines of a text, which may have any fault. */
export function outlineOf(text: string): OutlineItem[] {
  const outline: OutlineItem[] = [];
  let open: OutlineItem | undefined;
  const lines = text.split('\n');
  const close = (lastLine: number) => {
    if (open !== undefined) outline.push({ ...open, lastLine });
    open = undefined;
  };
  for (const [index, line] of lines.entries()) {
    const [head, name = '', , domain = ''] = line.replace(/;.*$/, '').trim().split(/\s+/);
    if (head === 'kernel' || head === 'routine') {
      close(index);
      open = {
        is: head,
        name,
        domain: head === 'kernel' ? domain : '',
        firstLine: index + 1,
        lastLine: index + 1,
      };
    } else if (head === 'end') close(index + 1);
  }
  close(lines.length);
  return outline;
}

/** The kernel or routine of a line. */
export function outlineItemAt(outline: readonly OutlineItem[], line: number): OutlineItem | undefined {
  return outline.find(({ firstLine, lastLine }) => firstLine <= line && line <= lastLine);
}

/** A kernel's own name and what it runs over, from the name of its row in the report: `learn(inputToHidden)`. */
export function nameParts(row: string): { readonly kernel: string; readonly over: string } {
  const [, kernel = row, over = ''] = /^([^()]+)\(([^(),]*).*\)$/.exec(row) ?? [];
  return { kernel, over };
}

/** The numbers of the running kernels that a kernel of a file is. */
export function runningKernels(kernels: readonly KernelView[], file: string, name: string): number[] {
  return kernels.flatMap((kernel, index) =>
    kernel.source?.file === file && nameParts(kernel.name).kernel === name ? [index] : [],
  );
}

/**
 * The share of the cycles that each kernel of a file takes, by its name.
 *
 * @param cycles of each running kernel
 * @param total cycles of the run, those of no kernel included
 */
export function sharesOf(
  kernels: readonly KernelView[],
  cycles: readonly number[],
  total: number,
  file: string,
): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const [index, { name, source }] of kernels.entries()) {
    if (source?.file !== file) continue;
    const { kernel } = nameParts(name);
    const share = (cycles[index] ?? 0) / Math.max(1, total);
    shares.set(kernel, (shares.get(kernel) ?? 0) + share);
  }
  return shares;
}
