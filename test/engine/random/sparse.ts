import type { HwModel } from '../../../src/hardware/index.ts';
import type { ConnectSpec, ProgramArray, ProgramSpec } from '../../../src/program/index.ts';
import type { Dice } from './dice.ts';

type SparseConnect = Extract<ConnectSpec, { sparse: unknown }>;

/** A sparse connection: drawn by a rule, of single neurons or of blocks, or listed, with repeats and empty rows. */
export function randomSparse(dice: Dice, { lanes }: HwModel, pre: number, post: number): SparseConnect {
  const seed = dice.whole(0, 1000);
  if (dice.chance(0.35))
    return { sparse: { block: 1, equalFanIn: false, seed, ...randomLists(dice, pre, post) } };
  const block = dice.chance(0.5) ? 1 : Math.min(post, dice.pick([2, 3, 4, 8, 8, 12, 16, lanes, 2 * lanes]));
  const blocks = Math.floor(post / block);
  const rule = dice.chance(0.5)
    ? { fanOut: block * dice.whole(1, Math.min(blocks, 20)), equalFanIn: dice.chance(0.4) }
    : // Few could all be left out.
      { probability: pre * blocks < 20 ? 1 : dice.pick([1, 0.9, 0.5]), equalFanIn: false };
  return { sparse: { block, seed, ...rule } };
}

function randomLists(
  dice: Dice,
  pre: number,
  post: number,
): Pick<SparseConnect['sparse'], 'starts' | 'targets'> {
  const starts = [0];
  const targets: number[] = [];
  for (let row = 0; row < pre; row++) {
    const isLast = row + 1 === pre && targets.length === 0;
    const count = isLast ? 1 : dice.whole(0, dice.pick([0, 3, 12]));
    const own = Array.from({ length: count }, () => dice.whole(0, post - 1)).sort((a, b) => a - b);
    targets.push(...own);
    starts.push(targets.length);
  }
  return { starts: { values: starts }, targets: { values: targets } };
}

/** The arrays that a program's sparse connections list. */
export function listedTargets({ projections }: Pick<ProgramSpec, 'projections'>): Map<string, ProgramArray> {
  const arrays = new Map<string, ProgramArray>();
  for (const [name, { connect }] of Object.entries(projections)) {
    if (connect === 'dense' || !('sparse' in connect)) continue;
    for (const key of ['starts', 'targets'] as const) {
      const values = Float64Array.from(connect.sparse[key]?.values ?? []);
      if (connect.sparse[key] === undefined) continue;
      const array = { values, shape: [values.length], isFloat: false, name: key, origin: { sha256: '' } };
      arrays.set(`${name}.connect.${key}`, {
        ...array,
        path: ['projections', name, 'connect', 'sparse', key],
      });
    }
  }
  return arrays;
}

/** At least as many synapses as a row has. */
export function mostTargets({ sparse }: SparseConnect, post: number): number {
  return sparse.fanOut ?? (sparse.targets === undefined ? post : 12);
}
