import type { NirGraph, NirNode, NodeType, Tensor } from '../../src/nir/index.ts';
import { outputShape } from '../../src/nir/shapes.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import type { Dice } from '../engine/random/dice.ts';

const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
const tensor = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor => ({
  shape,
  values: Float64Array.from(values),
});

/** A random graph: layers of neurons with linear nodes between them, in a chain, with edges back and across. */
export class RandomGraph {
  readonly #dice: Dice;
  readonly #nodes = new Map<string, NirNode>();
  readonly #edges: { from: string; to: string }[] = [];
  #shape: readonly number[];
  #last = 'in';

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#shape = dice.pick([[3], [6], [1, 5, 5], [2, 4, 6], [2, 7]]);
    this.#nodes.set('in', { type: 'Input', parameters: new Map([['shape', tensor(this.#shape)]]) });
    const layers = dice.whole(1, 3);
    for (let layer = 0; layer < layers; layer++) {
      for (let count = dice.whole(0, 2); count > 0; count--) this.#linear();
      this.#neurons();
    }
    if (dice.chance(0.2)) this.#linear();
    this.#add('Output', { shape: tensor(this.#shape) }, 'out');
  }

  graph(): NirGraph {
    return { nodes: this.#nodes, edges: this.#edges, notes: [], version: '' };
  }

  #numbers(count: number, scale: number): number[] {
    return Array.from(
      { length: count },
      () => Math.round((this.#dice.fraction() - 0.4) * scale * 1024) / 1024,
    );
  }

  /** Adds a node behind the last one, if it takes what that gives. */
  #add(type: NodeType, parameters: Readonly<Record<string, Tensor>>, name = `n${this.#nodes.size}`): string {
    const node = { type, parameters: new Map(Object.entries(parameters)) };
    try {
      this.#shape = outputShape(name, node, this.#shape);
    } catch (error) {
      if (error instanceof PlasticoreError) return this.#last;
      throw error;
    }
    this.#nodes.set(name, node);
    this.#edges.push({ from: this.#last, to: name });
    this.#last = name;
    return name;
  }

  #linear(): void {
    const dice = this.#dice;
    const size = sizeOf(this.#shape);
    const [channels = 1] = this.#shape;
    const axes = this.#shape.length - 1;
    const each = (numbers: readonly number[]) =>
      tensor(Array.from({ length: Math.max(1, axes) }, () => dice.pick(numbers)));
    const kind = dice.pick([
      'dense',
      'dense',
      'window',
      'window',
      'window',
      'pool',
      'scale',
      'delay',
      'flat',
    ] as const);
    if (kind === 'scale') this.#add('Scale', { scale: tensor(this.#numbers(size, 2), this.#shape) });
    if (kind === 'delay')
      this.#add('Delay', { delay: tensor(Array.from({ length: size }, () => dice.pick([0, 1, 3]))) });
    if (kind === 'flat' || (kind === 'dense' && axes > 0))
      this.#add('Flatten', { start_dim: tensor([0], []), end_dim: tensor([-1], []) });
    if (kind === 'dense') {
      const to = dice.whole(1, 6);
      this.#add('Affine', {
        weight: tensor(this.#numbers(to * size, 1), [to, size]),
        bias: tensor(this.#numbers(to, 0.2)),
      });
    }
    if (kind === 'pool' && axes === 2)
      this.#add(dice.pick(['SumPool2d', 'AvgPool2d']), {
        kernel_size: each([1, 2]),
        stride: each([1, 2]),
        padding: each([0, 0, 1]),
      });
    if (kind === 'window' && axes > 0) {
      const groups = dice.chance(0.3) ? channels : 1;
      const filters = groups * dice.whole(1, 2);
      const shape = [filters, channels / groups, ...Array.from({ length: axes }, () => dice.whole(1, 3))];
      const windowed = {
        stride: each([1, 2]),
        padding: each([0, 1]),
        dilation: each([1, 1, 2]),
        groups: tensor([groups]),
      };
      const values = {
        weight: tensor(this.#numbers(sizeOf(shape), 1), shape),
        bias: tensor(this.#numbers(filters, 0.2)),
      };
      this.#add(axes === 1 ? 'Conv1d' : 'Conv2d', { ...values, ...windowed });
    }
  }

  #neurons(): void {
    const dice = this.#dice;
    const size = sizeOf(this.#shape);
    const isEach = dice.chance(0.4);
    const some = (low: number, high: number) => {
      const one = low + dice.fraction() * (high - low);
      return isEach
        ? tensor(
            Array.from({ length: size }, () => low + dice.fraction() * (high - low)),
            this.#shape,
          )
        : tensor([one], []);
    };
    const type = dice.pick(['IF', 'LIF', 'LIF', 'CubaLIF', 'LI', 'I', 'Threshold'] as const);
    const spiking = { v_threshold: some(0.5, 1.5), v_reset: some(-0.25, 0.25) };
    const leaky = { v_leak: some(-0.25, 0.25), r: some(0.5, 2) };
    const parameters = {
      IF: { r: some(0.5, 1.5), ...spiking },
      LIF: { tau: some(1.5, 9), ...leaky, ...spiking },
      CubaLIF: { tau_mem: some(2, 6), tau_syn: some(1.5, 4), w_in: some(1, 3), ...leaky, ...spiking },
      LI: { tau: some(1.5, 6), ...leaky },
      I: { r: some(0.1, 0.5) },
      Threshold: { threshold: some(0.2, 0.8) },
    }[type];
    const before = this.#last;
    const name = this.#add(type, parameters);
    if (name === before || !('v_threshold' in parameters) || !dice.chance(0.3)) return;
    const back = `${name}.back`;
    this.#nodes.set(back, {
      type: 'Scale',
      parameters: new Map([['scale', tensor(this.#numbers(size, 0.5), this.#shape)]]),
    });
    this.#edges.push({ from: name, to: back }, { from: back, to: name });
  }
}
