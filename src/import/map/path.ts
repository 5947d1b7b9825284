import { misfit, type NirNode, perItem, type TensorShape, windowOf } from '../../nir/index.ts';
import { programLimits } from '../../program/index.ts';
import { option } from '../../text/index.ts';

/** Delays in steps: one for all spikes, or one for each neuron of either end. */
export type Delay = number | { readonly of: 'from' | 'to'; readonly steps: Float64Array };

/** A node on the path from one stage to another. */
export interface PathNode {
  readonly name: string;
  readonly node: NirNode;
  readonly input: TensorShape;
  readonly output: TensorShape;
}

/**
 * The delay along a path.
 *
 * @throws PlasticoreError `data`, with the node, for delays that are too long, or that lie between nodes which mix
 * their inputs
 */
export function delayOf(nodes: readonly PathNode[], dt: number): Delay {
  let common = 0;
  let single: Exclude<Delay, number> | undefined;
  for (const [at, { name, node, input }] of nodes.entries()) {
    if (node.type !== 'Delay') continue;
    const steps = perItem(name, node, 'delay', input).map((time) => Math.round(time / dt));
    const [first = 0] = steps;
    if (steps.every((count) => count === first)) {
      common += first;
      continue;
    }
    const of = nodes.slice(0, at).every(isPlain)
      ? 'from'
      : nodes.slice(at + 1).every(isPlain)
        ? 'to'
        : undefined;
    if (of === undefined || (single !== undefined && single.of !== of))
      throw misfit(
        name,
        'delays that differ have to belong to single neurons, and here weights come before and after them; give the node neurons of its own before or behind it',
      );
    const before = single?.steps;
    single = { of, steps: steps.map((count, item) => count + (before?.[item] ?? 0)) };
  }
  const longest = common + (single?.steps.reduce((most, count) => Math.max(most, count), 0) ?? 0);
  const least = common + (single?.steps.reduce((fewest, count) => Math.min(fewest, count), Infinity) ?? 0);
  if (least < 0 || longest > programLimits.delay)
    throw misfit(
      nodes.find(({ node }) => node.type === 'Delay')?.name ?? '',
      `a core delays spikes by 0 to ${programLimits.delay} steps, found ${least < 0 ? least : longest}; a longer step (${option('dt')}) makes them fewer`,
    );
  if (single === undefined) return common;
  return { of: single.of, steps: single.steps.map((count) => count + common) };
}

/** Whether a node leaves each item in its place, and by itself. */
export function isPlain({ node: { type } }: PathNode): boolean {
  return type === 'Scale' || type === 'Flatten' || type === 'Delay' || type === 'Input' || type === 'Output';
}

/**
 * Rows and columns of the squares in which a path pools before its weights; undefined where it does not, or where its
 * poolings overlap or are padded.
 */
export function poolingOf(path: readonly PathNode[]): readonly [number, number] | undefined {
  let pooled: readonly [number, number] | undefined;
  for (const step of path) {
    const { name, node, input } = step;
    if (isPlain(step)) continue;
    if (node.type !== 'SumPool2d' && node.type !== 'AvgPool2d') break;
    const { kernel, stride, padding } = windowOf(name, node, input);
    const [rows = 1, columns = 1] = kernel;
    const isTiled = kernel.every((side, axis) => side === stride[axis]);
    if (!isTiled || padding.some((length) => length !== 0)) return undefined;
    pooled = [(pooled?.[0] ?? 1) * rows, (pooled?.[1] ?? 1) * columns];
  }
  return pooled;
}
