import { describe, expect, it } from 'vitest';
import { type LinearMap, linearMap, type SlidingMap } from '../../src/import/map/linear.ts';
import type { PathNode } from '../../src/import/map/path.ts';
import type { NirNode, Tensor } from '../../src/nir/index.ts';
import { outputShape } from '../../src/nir/shapes.ts';
import { Dice } from '../engine/random/dice.ts';

/** A window slid over pictures by plain loops, as pairs of items with their weight. */
function pairsOf({ kernel, stride, padding, from, to, weights }: SlidingMap): Map<string, number> {
  const pairs = new Map<string, number>();
  for (let filter = 0; filter < to[0]; filter++)
    for (let row = 0; row < to[1]; row++)
      for (let column = 0; column < to[2]; column++)
        for (let channel = 0; channel < from[0]; channel++)
          for (let y = 0; y < kernel[0]; y++)
            for (let x = 0; x < kernel[1]; x++) {
              const [down, across] = [row * stride[0] + y - padding[0], column * stride[1] + x - padding[1]];
              if (down < 0 || down >= from[1] || across < 0 || across >= from[2]) continue;
              const weight = weights[((filter * from[0] + channel) * kernel[0] + y) * kernel[1] + x] ?? 0;
              const [source, target] = [
                (channel * from[1] + down) * from[2] + across,
                (filter * to[1] + row) * to[2] + column,
              ];
              if (weight !== 0) pairs.set(`${source} ${target}`, weight);
            }
  return pairs;
}

/** The same of all layers, one after the other. */
function probedPairs(map: LinearMap): Map<string, number> {
  const { starts, targets, weights } = map.rows();
  const pairs = new Map<string, number>();
  for (let source = 0; source + 1 < starts.length; source++)
    for (let at = starts[source] ?? 0; at < (starts[source + 1] ?? 0); at++)
      pairs.set(`${source} ${targets[at]}`, weights[at] ?? 0);
  return pairs;
}

const tensor = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor => ({
  shape,
  values: Float64Array.from(values),
});

/** A random convolution or pooling over a picture. */
function randomNode(dice: Dice, [channels = 1]: readonly number[]): NirNode {
  const pair = (numbers: readonly number[]) => tensor([dice.pick(numbers), dice.pick(numbers)]);
  const pooled = { stride: pair([1, 2]), padding: pair([0, 0, 1]) };
  if (dice.chance(0.5))
    return {
      type: dice.pick(['SumPool2d', 'AvgPool2d'] as const),
      parameters: new Map(Object.entries({ kernel_size: pair([1, 2, 3]), ...pooled })),
    };
  const groups = dice.chance(0.3) ? channels : 1;
  const shape = [2 * groups, channels / groups, dice.whole(1, 3), dice.whole(1, 3)];
  const weight = tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => dice.whole(-4, 4)),
    shape,
  );
  const parameters = {
    weight,
    bias: tensor([0]),
    dilation: pair([1, 1, 2]),
    groups: tensor([groups]),
    ...pooled,
  };
  return { type: 'Conv2d', parameters: new Map(Object.entries(parameters)) };
}

describe('convolutions and poolings in a row', () => {
  it('are one window, with the weights that all layers have one after the other', () => {
    const dice = new Dice(7);
    let composed = 0;
    for (let round = 0; round < 300; round++) {
      const from = [dice.whole(1, 2), dice.whole(4, 9), dice.whole(4, 9)];
      const nodes: PathNode[] = [];
      let shape: readonly number[] = from;
      for (let layer = 0; layer < 2; layer++) {
        const node = randomNode(dice, shape);
        try {
          const output = outputShape(`${layer}`, node, shape);
          nodes.push({ name: `${layer}`, node, input: shape, output });
          shape = output;
        } catch {
          break;
        }
      }
      const size = shape.reduce((a, b) => a * b, 1);
      const gain = new Float64Array(size).fill(0.5);
      const map = linearMap(nodes, from, gain);
      if (nodes.length < 2 || map.sliding === undefined) continue;
      composed += 1;
      const expected = probedPairs(map);
      const found = pairsOf(map.sliding);
      expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [pair, weight] of found) expect(weight).toBeCloseTo(expected.get(pair) ?? Number.NaN, 9);
    }
    expect(composed).toBeGreaterThan(100);
  });

  it('are one window where what pooling leaves over is read by none', () => {
    const pool: NirNode = {
      type: 'SumPool2d',
      parameters: new Map([
        ['kernel_size', tensor([2, 2])],
        ['stride', tensor([2, 2])],
        ['padding', tensor([0, 0])],
      ]),
    };
    const convolution = (stride: number): NirNode => ({
      type: 'Conv2d',
      parameters: new Map([
        [
          'weight',
          tensor(
            Array.from({ length: 9 }, (_, at) => at + 1),
            [1, 1, 3, 3],
          ),
        ],
        ['bias', tensor([0])],
        ['stride', tensor([stride, stride])],
        ['padding', tensor([1, 1])],
        ['dilation', tensor([1, 1])],
        ['groups', tensor([1])],
      ]),
    });
    // Of 34 rows, 17 and then 8 are left, and the last two of the 34 are in none. Windows of stride 2 begin at -1, 1, 3
    // and 5 of the 8, and end at 7; those of stride 1 end at 8, which would be the last two rows.
    const mapOf = (stride: number) => {
      const nodes: PathNode[] = [];
      let shape: readonly number[] = [1, 34, 34];
      for (const [at, node] of [pool, pool, convolution(stride)].entries()) {
        const output = outputShape(`${at}`, node, shape);
        nodes.push({ name: `${at}`, node, input: shape, output });
        shape = output;
      }
      return linearMap(nodes, [1, 34, 34], new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(1));
    };
    const map = mapOf(2);
    const found = map.sliding === undefined ? new Map<string, number>() : pairsOf(map.sliding);
    expect([...found].sort()).toEqual([...probedPairs(map)].sort());
    expect(mapOf(1).sliding).toBeUndefined();
  });
});
