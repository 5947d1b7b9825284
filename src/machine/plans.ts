import { compileModule, describePlan, type KernelExecution, kernelExecutions } from '../engine/index.ts';
import type { CoreImage, Image } from '../image/index.ts';
import { byKey } from '../text/index.ts';
import { moduleText } from '../wasm/index.ts';

/** How cores execute a piece of work on the fast engine. */
export interface WorkExecution extends KernelExecution {
  /** Index in the image's `work`. */
  readonly work: number;
  /** How many cores execute it like this. */
  readonly cores: number;
}

/** How the fast engine executes the kernels of a program, by work; this affects no result and no count. */
export function executionsOf({ cores }: Image): WorkExecution[] {
  const found = new Map<string, WorkExecution>();
  for (const { image, work } of cores) {
    for (const [kernel, execution] of kernelExecutions(image).entries()) {
      const own = { work: work[kernel] ?? kernel, ...execution };
      const key = JSON.stringify(own);
      found.set(key, { ...own, cores: (found.get(key)?.cores ?? 0) + 1 });
    }
  }
  return [...found.values()].sort((a, b) => a.work - b.work);
}

/** How the fast engine carries out each kernel, in words, core by core. */
export function describePlans(image: Image): string {
  return ofEachCore(image, (core) => describePlan(core, compileModule(core).kernels));
}

/** The modules that the fast engine generates, as WebAssembly text, core by core. */
export function moduleTexts(image: Image): string {
  return ofEachCore(image, (core) => moduleText(compileModule(core).bytes));
}

/** Cores with the same image have the same text. */
function ofEachCore({ cores }: Image, textOf: (core: CoreImage) => string): string {
  const alike = byKey(cores, ({ image }) => image);
  if (alike.size === 1) return [...alike.keys()].map(textOf).join('');
  return [...alike]
    .map(
      ([core, of]) => `;; core ${of.map(({ number }) => number).join(', ')}\n\n${textOf(core).trimEnd()}\n`,
    )
    .join('\n');
}
