import type { CoreImage } from '../../image/index.ts';
import type { CorePlan, KernelPlan } from '../plan/core-plan.ts';
import type { Widths } from '../plan/widths.ts';
import type { KernelModule } from './kernel-text.ts';
import type { RunRegisters } from './run-registers.ts';
import { literal } from './text.ts';

/** The plan of a core, and what its text is made of. */
export interface CoreContext {
  readonly plan: CorePlan;
  readonly image: CoreImage;
  readonly widths: Widths;
  readonly modules: readonly KernelModule[];
  readonly run: RunRegisters;
}

/** The number of a kernel, as the core counts those that it has. */
export function kernelNumber({ widths }: CoreContext, { number }: KernelPlan): string {
  return literal(number, widths.kernel);
}

/** Whether one of the kernels runs that share a module's pipeline. */
export function runsText(context: CoreContext, { kernels }: KernelModule, running = 'kernel'): string {
  const terms = kernels.map((kernel) => `${running} == ${kernelNumber(context, kernel)}`);
  return terms.length === 1 ? (terms[0] ?? '') : `(${terms.join(' | ')})`;
}
