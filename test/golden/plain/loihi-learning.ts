import type { Dice } from '../../engine/random/dice.ts';

/*
 * Learning as Lava computes it, from section 4 of test/golden/loihi.md, in doubles. It shares no code with src/: a rule
 * is drawn as a list of products and written as a text for the program.
 */

type Level = 'x1' | 'x2' | 'y1' | 'y2' | 'y3';
interface Product {
  readonly gate: 'x0' | 'y0' | number;
  readonly factors: readonly { readonly name: Level | 'w' | 'd' | 't'; readonly plus: number }[];
  readonly mantissa: number;
  readonly exponent: number;
}

/** A drawn run without its results. */
export interface PlainLava {
  readonly pre: number;
  readonly post: number;
  readonly mode: 'mixed' | 'exc' | 'inh';
  readonly length: number;
  readonly traces: Readonly<Record<Level, { readonly tau: number; readonly impulse: number }>>;
  readonly rules: Readonly<Partial<Record<'w' | 'd' | 't', readonly Product[]>>>;
  readonly start: { readonly w: number[][]; readonly d: number[][]; readonly t: number[][] };
  readonly spikes: { readonly pre: number[][]; readonly post: number[][] };
  readonly random: {
    readonly xDecay: number[];
    readonly xImpulse: number[];
    readonly yDecay: number[];
    readonly yImpulse: number[];
    readonly weight: number[];
    readonly within: number[];
  };
}

const levels = ['x1', 'x2', 'y1', 'y2', 'y3'] as const;

export function drawLava(dice: Dice): PlainLava {
  const [pre, post, length] = [dice.whole(1, 9), dice.whole(1, 9), dice.whole(1, 6)];
  const mode = dice.pick(['mixed', 'exc', 'inh'] as const);
  const steps = length * dice.whole(8, 20);
  const numbers = (count: number, draw: () => number) => Array.from({ length: count }, draw);
  const matrix = (low: number, high: number) => numbers(post, () => 0).map(() => numbers(pre, () => dice.whole(low, high)));
  const spikes = (neurons: number) => numbers(steps, () => 0).map(() => [...Array(neurons).keys()].filter(() => dice.chance(0.25)));
  const products = () =>
    numbers(dice.whole(1, 3), () => 0).map((): Product => ({
      gate: dice.pick(['x0', 'y0', 0, 1, 2] as const),
      factors: numbers(dice.whole(0, 2), () => 0).map(() => ({
        name: dice.pick([...levels, 'w', 'd', 't'] as const),
        plus: dice.chance(0.3) ? dice.whole(-90, 90) : 0,
      })),
      mantissa: dice.pick([-7, -1, 1, 1, 3]),
      exponent: dice.whole(-7, 1),
    }));
  const epochs = steps / length;
  const share = () => dice.fraction();
  return {
    pre,
    post,
    mode,
    length,
    traces: Object.fromEntries(
      levels.map((name) => [name, { tau: dice.chance(0.2) ? 0 : dice.whole(1, 40), impulse: dice.whole(1, 400) / 4 }]),
    ) as PlainLava['traces'],
    rules: {
      w: products(),
      ...(dice.chance(0.5) && { d: products() }),
      ...(dice.chance(0.5) && { t: products() }),
    },
    start: {
      w: mode === 'mixed' ? matrix(-128, 127).map((row) => row.map((w) => 2 * w)) : mode === 'exc' ? matrix(0, 255) : matrix(-255, 0),
      d: matrix(0, 255),
      t: matrix(-257, 255),
    },
    spikes: { pre: spikes(pre), post: spikes(post) },
    random: {
      xDecay: numbers(epochs, share),
      xImpulse: numbers(epochs, () => dice.whole(0, 127)),
      yDecay: numbers(epochs, share),
      yImpulse: numbers(epochs, () => dice.whole(0, 127)),
      weight: numbers(epochs, share),
      within: numbers(steps, () => dice.whole(0, 127)),
    },
  };
}

/** A rule as a text. */
export function textOf(rule: readonly Product[]): string {
  const product = ({ gate, factors, mantissa, exponent }: Product): string =>
    [
      ...(Math.abs(mantissa) === 1 ? [] : [Math.abs(mantissa)]),
      `2^${exponent}`,
      typeof gate === 'number' ? `u${gate}` : gate,
      ...factors.map(({ name, plus }) => (plus === 0 ? name : `(${name}${plus < 0 ? '-' : '+'}${Math.abs(plus)})`)),
    ].join('*');
  return rule.map((each, at) => `${each.mantissa < 0 ? '-' : at === 0 ? '' : '+'} ${product(each)}`).join(' ').trim();
}

const clip = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** By epoch: traces, and weights, delays, tags by post-synaptic and pre-synaptic neuron. */
export function plainLava(run: PlainLava) {
  const { pre, post, mode, length, traces, rules, random } = run;
  const sizes = { x: pre, y: post };
  const level = Object.fromEntries(
    levels.map((name) => [name, Array.from({ length: sizes[name[0] as 'x' | 'y'] }, () => 0)]),
  ) as Record<Level, number[]>;
  const last = { x: Array.from({ length: pre }, () => 0), y: Array.from({ length: post }, () => 0) };
  const { w, d, t } = structuredClone(run.start);
  const synapse = { w, d, t };
  const results = [];
  for (let step = 0; step < run.spikes.pre.length; step++) {
    const position = (step % length) + 1;
    for (const side of ['x', 'y'] as const) {
      for (const neuron of (side === 'x' ? run.spikes.pre : run.spikes.post)[step] ?? []) {
        if (last[side][neuron]) {
          for (const name of levels.filter((each) => each[0] === side)) {
            const { impulse } = traces[name];
            const fraction = 256 * (impulse % 1);
            const up = side === 'x' ? fraction > 0 : (random.within[step] ?? 0) < fraction;
            const list = level[name];
            list[neuron] = Math.min(127, (list[neuron] ?? 0) + Math.floor(impulse) + Number(up));
          }
        }
        last[side][neuron] = position;
      }
    }
    if (position !== length) continue;
    const epoch = (step + 1) / length - 1;
    /** By trace and neuron, what it was after each step of the epoch. */
    const history = Object.fromEntries(
      levels.map((name) => {
        const side = name[0] as 'x' | 'y';
        const [decayDraw = 0, impulseDraw = 0] =
          side === 'x' ? [random.xDecay[epoch], random.xImpulse[epoch]] : [random.yDecay[epoch], random.yImpulse[epoch]];
        const { tau, impulse } = traces[name];
        return [
          name,
          level[name].map((start, neuron) => {
            const after = [start];
            for (let k = 1; k <= length; k++) {
              const exact = tau === 0 ? 0 : (after[k - 1] ?? 0) * Math.exp(-1 / tau);
              let value = Math.floor(exact) + Number(decayDraw < exact - Math.floor(exact));
              if (last[side][neuron] === k)
                value = Math.min(127, value + Math.floor(impulse) + Number(impulseDraw < 256 * (impulse % 1)));
              after.push(value);
            }
            return after;
          }),
        ];
      }),
    ) as Record<Level, number[][]>;
    const changed = { w: structuredClone(w), d: structuredClone(d), t: structuredClone(t) };
    for (let j = 0; j < post; j++) {
      for (let i = 0; i < pre; i++) {
        for (const target of ['w', 'd', 't'] as const) {
          const rule = rules[target];
          if (rule === undefined) continue;
          let sum = (synapse[target][j]?.[i] ?? 0) * 128;
          for (const { gate, factors, mantissa, exponent } of rule) {
            const at = gate === 'x0' ? last.x[i] : gate === 'y0' ? last.y[j] : length;
            const isOpen = typeof gate === 'number' ? (epoch + 1) % 2 ** gate === 0 : at !== 0;
            let product = isOpen ? mantissa : 0;
            let bits = 0;
            for (const { name, plus } of factors) {
              const ofSynapse = name === 'w' || name === 'd' || name === 't';
              const width = ofSynapse ? 9 : 7;
              const value = ofSynapse
                ? (synapse[name][j]?.[i] ?? 0)
                : (history[name][name[0] === 'x' ? i : j]?.[at ?? 0] ?? 0);
              product *= clip(value + plus, -(2 ** width), 2 ** width - 1);
              bits += width;
            }
            const shifted = Math.floor(product / 2 ** Math.max(0, bits - 11)) * 2 ** (exponent + 7);
            sum = clip(sum + clip(shifted, -32769, 32767), -32769, 32767);
          }
          if (target === 'd' || (target === 'w' && mode === 'exc')) sum = Math.max(0, sum);
          if (target === 'w' && mode === 'inh') sum = Math.min(0, sum);
          const rest = ((sum % 128) + 128) % 128;
          const value = Math.floor(sum / 128) + Number((random.weight[epoch] ?? 0) < rest / 128);
          const [low, high] = target === 't' ? [-257, 255] : target === 'd' ? [0, 255] : { mixed: [-256, 255], exc: [0, 255], inh: [-255, 0] }[mode];
          const row = changed[target][j];
          if (row !== undefined) row[i] = clip(value, low ?? 0, high ?? 0);
        }
      }
    }
    for (const name of levels) level[name] = history[name].map((after) => after[length] ?? 0);
    for (const target of ['w', 'd', 't'] as const) synapse[target].splice(0, post, ...changed[target]);
    last.x.fill(0);
    last.y.fill(0);
    results.push(structuredClone({ level, ...synapse }));
  }
  return results;
}
