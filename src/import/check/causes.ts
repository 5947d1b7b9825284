import type { LayerDrift } from '../../report/index.ts';
import { at } from '../../text/index.ts';
import type { Link, NirStage } from '../map/stages.ts';
import type { IntegerLink, IntegerNetwork, IntegerStage, Leak } from '../quantise/quantise.ts';

/** The effects of integers that make spikes differ, each alone. */
const causes = ['weights', 'leak', 'threshold', 'accumulator'] as const;
type Cause = (typeof causes)[number];

/** The outputs of stages in a sample, step by step, as the graph runs in doubles. */
export type OutputsByStage = ReadonlyMap<string, ArrayLike<number>>;

/**
 * Tells a layer's drift apart by its causes. Each layer runs alone, in doubles, on what its sources give in doubles:
 * once as it is, and once for each cause, with that of the integers alone. So no drift of layers before it is in it.
 */
export class CauseTally {
  readonly #layers: readonly LayerCauses[];

  constructor(network: IntegerNetwork) {
    this.#layers = network.stages
      .filter(({ threshold }) => threshold !== undefined)
      .map((stage) => new LayerCauses(stage, network));
  }

  /** @param outputs by the name of the stage, inputs in units of the weights from them */
  sample(outputs: OutputsByStage, steps: number): void {
    for (const layer of this.#layers) layer.sample(outputs, steps);
  }

  /** By node, shares of spikes that differ. */
  results(): ReadonlyMap<string, NonNullable<LayerDrift['causes']>> {
    return new Map(this.#layers.map((layer) => [layer.stage.node, layer.result()]));
  }
}

class LayerCauses {
  readonly stage: NirStage;
  readonly #integer: IntegerStage;
  readonly #inputs: readonly LinkInput[];
  readonly #differing = { weights: 0, leak: 0, threshold: 0, accumulator: 0 };
  readonly #any = { weights: 0, leak: 0, threshold: 0, accumulator: 0 };

  constructor(integer: IntegerStage, { links, network }: IntegerNetwork) {
    this.stage = integer.stage;
    this.#integer = integer;
    this.#inputs = links
      .filter(({ link }) => link.to === integer.stage)
      .map((link) => new LinkInput(link, network.depths));
  }

  sample(outputs: OutputsByStage, steps: number): void {
    const exact = this.#input(outputs, steps, false);
    const rounded = this.#input(outputs, steps, true);
    const expected = this.#run(exact, steps, undefined);
    for (const cause of causes) {
      const found = this.#run(cause === 'weights' ? rounded : exact, steps, cause);
      for (const [place, spikes] of expected.entries()) {
        const other = at(found, place);
        this.#differing[cause] += Math.abs(spikes - other);
        this.#any[cause] += Math.max(spikes, other);
      }
    }
  }

  result() {
    const share = (cause: Cause) => (this.#any[cause] === 0 ? 0 : this.#differing[cause] / this.#any[cause]);
    return {
      weights: share('weights'),
      leak: share('leak'),
      threshold: share('threshold'),
      accumulator: share('accumulator'),
    };
  }

  /** The input, step by step. */
  #input(outputs: OutputsByStage, steps: number, isRounded: boolean): Float64Array {
    const sum = new Float64Array(steps * this.stage.size);
    for (const link of this.#inputs) link.add(sum, outputs, steps, isRounded);
    const gain = this.stage.model?.inputGain;
    if (gain === undefined) return sum;
    return sum.map((value, place) => (value * at(gain.factors, place % this.stage.size)) / 2 ** gain.bits);
  }

  /** The spikes of the layer, with one cause as the integers have it. */
  #run(input: Float64Array, steps: number, cause: Cause | undefined): Float64Array {
    const { size } = this.stage;
    const spikes = new Float64Array(input.length);
    const neuron = neuronOf(this.#integer, cause);
    for (let index = 0; index < size; index++) {
      const step = neuron(index);
      for (let time = 0; time < steps; time++) {
        const place = time * size + index;
        spikes[place] = step(at(input, place));
      }
    }
    return spikes;
  }
}

/** The contribution of a link. */
class LinkInput {
  readonly #integer: IntegerLink;
  /** How many steps after its source in the graph, by source and target. */
  readonly #lag: (source: number, target: number) => number;

  constructor(integer: IntegerLink, depths: ReadonlyMap<string, number>) {
    this.#integer = integer;
    const { from, to, isLate, delay }: Link = integer.link;
    const own = Number(isLate) - ((depths.get(to.name) ?? 0) - (depths.get(from.name) ?? 0));
    this.#lag =
      typeof delay === 'number'
        ? () => own + delay
        : (source, target) => own + at(delay.steps, delay.of === 'from' ? source : target);
  }

  add(sum: Float64Array, outputs: OutputsByStage, steps: number, isRounded: boolean): void {
    const { link, weights } = this.#integer;
    const { from, to } = link;
    const source = outputs.get(from.name);
    if (source === undefined) throw new Error(`nothing is known of ${from.name}`);
    const { starts, targets, weights: exact } = link.map.rows();
    const unit = 2 ** weights.scale;
    const most = weights.values.reduce((high, value) => Math.max(high, value), 0);
    const least = weights.values.reduce((low, value) => Math.min(low, value), 0);
    for (let step = 0; step < steps; step++)
      for (let neuron = 0; neuron < from.size; neuron++) {
        const value = at(source, step * from.size + neuron);
        if (value === 0) continue;
        for (let place = at(starts, neuron); place < at(starts, neuron + 1); place++) {
          const target = at(targets, place);
          const when = step + this.#lag(neuron, target);
          if (when >= steps) continue;
          const weight = at(exact, place);
          // A weight that is shared is rounded alike wherever it is; clipped ones are at the ends of the range.
          const own = isRounded ? Math.max(least, Math.min(most, Math.round(weight * unit))) / unit : weight;
          const index = when * to.size + target;
          sum[index] = at(sum, index) + own * value;
        }
      }
  }
}

/** Makes a neuron, which gives its spikes for what comes in a step; see `Model`. */
function neuronOf(integer: IntegerStage, cause: Cause | undefined): (index: number) => (x: number) => number {
  const { stage, scale, accumulatorBits, threshold, resetTo } = integer;
  const { model } = stage;
  if (model?.firing === undefined || threshold === undefined || resetTo === undefined)
    throw new Error(`${stage.name} does not spike`);
  const { firing, current } = model;
  const high = 2 ** (accumulatorBits - 1) - 1;
  const held = (value: number, exponent: number): number => {
    if (cause !== 'accumulator') return value;
    return Math.max(-high - 1, Math.min(high, Math.round(value * 2 ** exponent))) / 2 ** exponent;
  };
  return (index) => {
    const level =
      cause === 'threshold' ? at(threshold, index) / 2 ** scale.potential : at(firing.threshold, index);
    const reset =
      cause === 'threshold' ? at(resetTo, index) / 2 ** scale.potential : at(firing.resetTo, index);
    const kept = cause === 'leak' ? keptBy(integer.leak, index) : at(model.kept, index);
    const currentKept =
      current === undefined
        ? 0
        : cause === 'leak' && integer.current !== undefined
          ? keptBy(integer.current.leak, index)
          : at(current.kept, index);
    const drive = at(model.drive, index);
    const currentDrive = current === undefined ? 0 : at(current.drive, index);
    let v = held(at(model.kept, index) * at(model.start, index) + drive, scale.potential);
    let i = currentDrive;
    let before = 0;
    return (x) => {
      const seen = current === undefined ? held(x, scale.potential) : held(i + x, scale.current);
      let met = v + seen;
      if (current !== undefined) i = held(currentKept * seen + currentDrive, scale.current);
      if (firing.reset === 'dead' && before > 0) met = 0;
      const fires = firing.fires === 'above' ? met > level : met >= level;
      const spikes = !fires ? 0 : firing.fires === 'each' ? Math.max(0, Math.floor(met / level)) : 1;
      if (firing.reset === 'subtract') met -= spikes * level;
      if (spikes > 0 && firing.reset === 'value') met = reset;
      if (spikes > 0 && firing.reset === 'zero-late') met = 0;
      v = kept * met + drive - (firing.reset === 'subtract-late' ? spikes * level : 0);
      v = held(v, scale.potential);
      before = spikes;
      return spikes;
    };
  };
}

/** The share that integers keep in a step. */
function keptBy(leak: Leak, index: number): number {
  if (leak.is === 'nothing') return 0;
  if (leak.is === 'all') return 1;
  if (leak.is === 'shift') return 1 - 2 ** -leak.shift;
  if (leak.is !== 'product') throw new Error('an unknown leak');
  return at(leak.factors, index) / 2 ** leak.bits;
}
