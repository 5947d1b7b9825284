import type { CoreImage } from '../../image/index.ts';
import { type CoreContext, kernelNumber } from './context.ts';
import { literal } from './text.ts';

/** Where the core waits until its spikes find room outside: before a pass that emits, and before it serves a spike. */
export function outgoingText(context: CoreContext): string[] {
  const { plan, widths } = context;
  const emitting = plan.kernels.filter(({ emits }) => emits !== undefined);
  const emits = emitting.map((kernel) => `kernel == ${kernelNumber(context, kernel)}`).join(' | ');
  return [
    '// spikes that leave need room outside: no pass that emits begins without it',
    `assign pass_waits = ~m_ready & ((state == START & start_emits) | (state == ROW & count == ${literal(0, widths.cycle)} & (${emits || "1'b0"})));`,
    '// a pass that was suspended goes on after a spike has been served',
    `assign pop_waits_for_room = ${plan.waiting.levels > 1 ? '~m_ready' : "1'b0"};`,
  ];
}

/** The values that the spikes of the core carry, as the lane of a tile has them, at their place in an address. */
export function valueInAddress({ populations }: CoreImage, population: string, value: string): string {
  const shifts = populations.map(
    ({ payload }, index) => `${population} == ${index} ? ${payload?.shift ?? 0} : `,
  );
  return `(32'(${value}) << (${shifts.join('')}0))`;
}
