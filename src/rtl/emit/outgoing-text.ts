import { factsOf } from '../../image/index.ts';
import type { CorePlan, KernelPlan } from '../plan/core-plan.ts';
import { type CoreContext, kernelNumber } from './context.ts';
import { waitingKernels } from './stall-text.ts';
import { literal } from './text.ts';

/** The kernels whose spikes leave the core. */
function emittingKernels({ plan }: Pick<CoreContext, 'plan'>): KernelPlan[] {
  return plan.kernels.filter(({ kernel }) => factsOf(kernel).emits);
}

/**
 * The most tiles of spikes that leave a core after `m_ready` has fallen: those of a pass, since a pass that has begun
 * comes to its end. Kernels that wait for the FIFO go on with their pass after that of a spike that was served, and a
 * spike that waited may leave before each of them.
 */
export function tilesAfterReady(plan: CorePlan): number {
  const { image } = plan;
  const most = emittingKernels({ plan }).reduce((largest, { walks, columns, rows, table }) => {
    const isByItem = table !== undefined || walks === 'columns';
    return Math.max(largest, isByItem ? Math.max(columns, rows) : Math.ceil(columns / image.core.lanes));
  }, 1);
  return waitingKernels({ plan, image }).length === 0 ? most : 2 * (most + 1);
}

/** Where the core waits until its spikes find room outside: before a pass that emits, and before it serves a spike. */
export function outgoingText(context: CoreContext): string[] {
  const emitting = emittingKernels(context);
  const emits = emitting.map(({ index }) => `kernel == ${kernelNumber(context, index)}`).join(' | ');
  const waits = waitingKernels(context).length > 0;
  return [
    '// spikes that leave need room outside: no pass that emits begins without it',
    `assign pass_waits = ~m_ready & ((state == START & start_emits) | (state == ROW & count == ${literal(0, context.counters.cycle)} & (${emits || "1'b0"})));`,
    '// a pass that was suspended goes on after a spike has been served',
    `assign pop_waits_for_room = ${waits ? '~m_ready' : "1'b0"};`,
  ];
}
