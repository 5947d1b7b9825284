import type { XyloWeights } from '../../../src/import/xylo/quantise.ts';
import type { Dice } from '../../engine/random/dice.ts';
import type { Raster, WholeXylo } from './support.ts';

type Layer = WholeXylo['hidden'][number];

/** A network of up to three layers with whatever the chip offers: two states, recurrence, aliases, extreme numbers. */
export function randomNetwork(dice: Dice): WholeXylo {
  const inputs = dice.whole(1, 4);
  const hidden = Array.from({ length: dice.whole(1, 3) }, (_, place) =>
    randomLayer(dice, `h${place}`, dice.whole(1, 5)),
  );
  const outputs = { ...randomLayer(dice, 'out', dice.whole(1, 3)), dashSyn2: undefined };
  const weights: WholeXylo['weights'][number][] = [];
  const connect = (from: XyloWeights['from'], to: XyloWeights['to'], rows: number, target: Layer) => {
    for (const state of target.dashSyn2 === undefined ? ([1] as const) : ([1, 2] as const)) {
      const zeros = dice.pick([0, 0.3]);
      const most = dice.pick([5, 127]);
      weights.push({
        from,
        to,
        state,
        values: Float64Array.from({ length: rows * target.size }, () =>
          dice.chance(zeros) ? 0 : dice.whole(most === 127 ? -128 : -most, most),
        ),
      });
    }
  };
  for (const [to, layer] of hidden.entries()) {
    if (to === 0 || dice.chance(0.2)) connect('input', to, inputs, layer);
    for (const [from, source] of hidden.entries())
      if (from === to - 1 || dice.chance(0.3)) connect(from, to, source.size, layer);
    if (to === hidden.length - 1 || dice.chance(0.3)) connect(to, 'output', layer.size, outputs);
  }
  const aliases = hidden.flatMap((layer, from) => {
    const [to, target] = [from + 1, hidden[from + 1]];
    if (target === undefined || dice.chance(0.5)) return [];
    const pairs = Array.from(
      { length: layer.size },
      (_, neuron) => [neuron, dice.whole(0, target.size - 1)] as const,
    );
    return [{ from, to, pairs }];
  });
  return { inputs, hidden, outputs, weights, aliases };
}

function randomLayer(dice: Dice, name: string, size: number): Layer {
  const each = (make: () => number) => Float64Array.from({ length: size }, make);
  const dash = () => dice.pick([0, 1, 2, 3, 5, 8, 15]);
  return {
    name,
    size,
    dashMem: each(dash),
    dashSyn: each(dash),
    ...(dice.chance(0.5) && { dashSyn2: each(dash) }),
    threshold: each(() => dice.pick([0, 1, dice.whole(2, 100), dice.whole(100, 32_767), 32_767])),
    bias: each(() => dice.pick([0, 0, dice.whole(-100, 100), 32_767, -32_768])),
  };
}

export function randomRaster(dice: Dice, inputs: number, steps: number): Raster {
  const most = dice.pick([1, 15]);
  return Array.from({ length: steps }, () =>
    Array.from({ length: inputs }, () => (dice.chance(0.4) ? dice.whole(1, most) : 0)),
  );
}
