import { at } from '../../arrays/index.ts';
import { type CoreImage, layoutOf } from '../../image/index.ts';
import { hostScalars } from '../../isa/index.ts';
import { type CorePlan, type List, listsIn, type Step } from '../plan/core-plan.ts';
import type { CounterBits } from './counters.ts';
import type { KernelModule } from './kernel-text.ts';
import type { RunRegisters } from './run-registers.ts';
import { scalarRange } from './scalars.ts';
import { indexBits, literal, signedBits } from './text.ts';
import type { Widths } from './widths.ts';

/** The facts that the parts of a core's text share. */
export interface CoreContext {
  readonly plan: CorePlan;
  readonly image: CoreImage;
  readonly widths: Widths;
  readonly modules: readonly KernelModule[];
  readonly run: RunRegisters;
  readonly counters: CounterBits;
  /** Bits of the number of a step of the lists, and of a kernel. */
  readonly stepBits: number;
  readonly kernelBits: number;
  readonly populationBits: number;
  /** Bits of a word of the widest bank, and of an address of the longest. */
  readonly hostBits: number;
  readonly hostAddressBits: number;
  readonly hostBankBits: number;
}

/** The steps of all lists, in the order of their numbers. */
export function allSteps({
  plan,
}: Pick<CoreContext, 'plan'>): { readonly list: List; readonly step: Step }[] {
  return listsIn(plan).flatMap((list) => list.steps.map((step) => ({ list, step })));
}

/** Bits of a scalar that the host writes. */
export function hostScalarBits(image: CoreImage, scalar: (typeof hostScalars)[number]): number {
  return signedBits(scalarRange(image, hostScalars.indexOf(scalar)));
}

/** Bits of an address of the host: that of a word, or of a generator. */
export function hostAddressBits({ core, generators }: CoreImage, { address }: Widths): number {
  return Math.max(indexBits(core.lanes + generators.length), ...address);
}

/** Bits of a gate: all lanes of its tiles, and all items of its words. */
export function gateSize({ image, widths }: Pick<CoreContext, 'image' | 'widths'>, index: number): number {
  const field = at(image.fields, index);
  const { rows, wordsPerRow, itemsPerWord } = layoutOf(image, field);
  return Math.max(Math.ceil(field.count / widths.lanes) * widths.lanes, rows * wordsPerRow * itemsPerWord);
}

/** The number of a kernel, as the core counts those that it has. */
export function kernelNumber({ plan, kernelBits }: CoreContext, index: number): string {
  return literal(
    plan.kernels.findIndex((kernel) => kernel.index === index),
    kernelBits,
  );
}

/** The number of a gate, as scans name it. */
export function gateNumber({ plan: { gates } }: Pick<CoreContext, 'plan'>, gate: number): string {
  return literal(gates.indexOf(gate), indexBits(gates.length + 1));
}

/** The most tiles that a gate has. */
export function listLength(context: Pick<CoreContext, 'plan' | 'image' | 'widths'>): number {
  const { plan, widths } = context;
  return Math.max(2, ...plan.gates.map((gate) => Math.ceil(gateSize(context, gate) / widths.lanes)));
}

/** Whether one of the kernels runs that share a module's pipeline. */
export function runsText(context: CoreContext, { kernels }: KernelModule, running = 'kernel'): string {
  const terms = kernels.map(({ index }) => `${running} == ${kernelNumber(context, index)}`);
  return terms.length === 1 ? (terms[0] ?? '') : `(${terms.join(' | ')})`;
}
