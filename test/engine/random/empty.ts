import type { HwModel } from '../../../src/hardware/index.ts';
import type { ProgramSpec } from '../../../src/program/index.ts';
import type { Dice } from './dice.ts';
import { type KernelText, randomKernel } from './kernel.ts';
import type { Network } from './network.ts';

/**
 * Leaves next to no synapse of some sparse projections, so that most rows have none, and many a core of a chip; and
 * runs a kernel over what is left of their weights.
 */
export function withFewSynapses(
  dice: Dice,
  spec: ProgramSpec,
  kernels: readonly KernelText[],
  hw: HwModel,
  network: Network,
): { readonly spec: ProgramSpec; readonly kernels: readonly KernelText[] } {
  if (dice.chance(0.6)) return { spec, kernels };
  const projections = { ...spec.projections };
  const tick = [...spec.events.tick];
  const all = [...kernels];
  for (const [over, projection] of Object.entries(projections)) {
    const { connect, from, to } = projection;
    if (connect === 'dense' || !('sparse' in connect)) continue;
    const sizeOf = (population: string): number => spec.populations[population]?.size ?? 1;
    const lists = oneTargetEach(dice, sizeOf(from), sizeOf(to));
    projections[over] = {
      ...projection,
      connect: { sparse: { block: 1, equalFanIn: false, seed: connect.sparse.seed, ...lists } },
    };
    const name = `k${all.length}`;
    const none = { mayEmit: false, writesShadow: false, keepsToColumns: false };
    const request = {
      name,
      domain: 'weights',
      over,
      isByColumns: false,
      isDetached: false,
      ...none,
    } as const;
    all.push(randomKernel(dice, request, hw, network));
    tick.splice(dice.whole(0, tick.length), 0, { run: name, over });
  }
  return { spec: { ...spec, projections, events: { ...spec.events, tick } }, kernels: all };
}

/** One to three neurons lead to one each, anywhere. */
function oneTargetEach(dice: Dice, pre: number, post: number) {
  const rows = new Set(Array.from({ length: dice.whole(1, 3) }, () => dice.whole(0, pre - 1)));
  const starts = [0];
  for (let row = 0; row < pre; row++) starts.push((starts[row] ?? 0) + (rows.has(row) ? 1 : 0));
  const targets = Array.from(rows, () => dice.whole(0, post - 1));
  return { starts: { values: starts }, targets: { values: targets } };
}
