import { windowOf } from '../../nir/index.ts';
import { isPlain, type PathNode } from './delay.ts';

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
