import { Dice } from '../../engine/random/dice.ts';
import { plainLif, plainNet, plainWeight, spikesOf } from '../plain/loihi.ts';
import type { Different, Format, Layer, Lif, Net, OtherModel, Run, Trace } from '../plain/loihi-format.ts';

const about = {
  format: 'loihi-golden/1' as const,
  sources: { brian2loihi: 'plain', nengo_loihi: 'plain', lava: 'plain' },
};

/**
 * Random compartments with synapses of many formats, in the form of the golden traces, and what the plain models
 * expect.
 */
export function randomLoihiLif(seed: number): Lif {
  const dice = new Dice(seed);
  const compartments = dice.whole(1, 12);
  const inputs = dice.whole(1, 6);
  const steps = dice.whole(1, 40);
  const formats = Array.from({ length: dice.whole(1, 5) }, () => drawFormat(dice));
  const each = <Value>(draw: () => Value): Value[] => Array.from({ length: compartments }, draw);
  const layers = each(() => drawLayer(dice, 1));
  const config: Lif['config'] = {
    steps,
    inputs,
    ...drawLimits(dice),
    compartments,
    synapse_formats: formats,
    decay_u: layers.map(({ decay_u }) => decay_u),
    decay_v: layers.map(({ decay_v }) => decay_v),
    vth: layers.map(({ vth }) => vth),
    bias_mant: layers.map(({ bias_mant }) => bias_mant),
    bias_exp: layers.map(({ bias_exp }) => bias_exp),
    refract: layers.map(({ refract }) => refract),
    class: each(() => 'A').join(''),
  };
  const synapses = Array.from({ length: dice.whole(0, 60) }, (): Lif['synapses'][number] => {
    const format = dice.whole(0, formats.length - 1);
    const mantissa = drawMantissa(dice, formats[format]);
    return [dice.whole(0, inputs - 1), dice.whole(0, compartments - 1), format, mantissa];
  });
  const stimulus = { inputs: drawInputs(dice, steps, inputs) };
  const description = { config, synapses, stimulus };
  const expected = plainLif(description, 'text');
  const otherModel = (model: 'brian2loihi' | 'lava', isRun: (compartment: number) => boolean): OtherModel => {
    const found = plainLif(description, model);
    const result: OtherModel = { identical: [], different: [], not_run: [] };
    for (let c = 0; c < compartments; c++) {
      const different = differenceOf(expected, found, c);
      if (!isRun(c)) result.not_run.push(c);
      else if (different === undefined) result.identical.push(c);
      else result.different.push(different);
    }
    return result;
  };
  return {
    ...about,
    kind: 'lif',
    name: `random ${seed}`,
    ...description,
    expected,
    other: {
      brian2loihi: otherModel('brian2loihi', (c) => config.bias_mant[c] === 0),
      lava: otherModel('lava', (c) => config.refract[c] === 1),
    },
    weight_cases: {
      columns: ['mode', 'bits', 'exp', 'mantissa', 'brian2loihi', 'lava', 'nengo_loihi'],
      rows: Array.from({ length: dice.whole(0, 20) }, (): Lif['weight_cases']['rows'][number] => {
        const format = drawFormat(dice);
        const w = drawMantissa(dice, format);
        const weight = (model: 'brian2loihi' | 'lava'): number => plainWeight(format, w, model) ?? 0;
        const { mode, bits, exp } = format;
        return [mode, bits, exp, w, weight('brian2loihi'), weight('lava'), plainWeight(format, w, 'nengo_loihi')];
      }),
    },
  };
}

/** A random network of layers with delays, in the same form. */
export function randomLoihiNet(seed: number): Net {
  const dice = new Dice(seed);
  const inputs = dice.whole(1, 5);
  const steps = dice.whole(20, 90);
  const names = ['A', 'B', 'C'].slice(0, dice.whole(1, 3));
  const layers = Object.fromEntries(names.map((name) => [name, drawLayer(dice, dice.whole(1, 6))]));
  const longest = dice.pick([0, 2, 62]);
  const projections = Array.from({ length: dice.whole(2, 7) }, (): Run['config']['projections'][number] => {
    const pre = dice.pick(['in', ...names]);
    const post = dice.pick(names);
    const format = drawFormat(dice);
    const sources = pre === 'in' ? inputs : (layers[pre]?.n ?? 1);
    return {
      pre,
      post,
      ...format,
      synapses: Array.from({ length: dice.whole(3, 25) }, () => [
        dice.whole(0, sources - 1),
        dice.whole(0, (layers[post]?.n ?? 1) - 1),
        drawMantissa(dice, format),
        dice.whole(0, longest),
      ]),
    };
  });
  const config: Run['config'] = { steps, inputs, ...drawLimits(dice), layers, projections };
  const description = { config, stimulus: { inputs: drawInputs(dice, steps, inputs) } };
  return {
    ...about,
    kind: 'net',
    name: `random ${seed}`,
    runs: {
      drawn: {
        ...description,
        expected: { from: 'nengo_loihi', ...plainNet(description, 'text') },
        other: {
          brian2loihi: plainNet(description, 'brian2loihi'),
          lava: plainNet(description, 'lava'),
        },
      },
    },
  };
}

function differenceOf(expected: Trace, found: Trace, compartment: number): Different | undefined {
  const u = found.u[compartment] ?? [];
  const v = found.v[compartment] ?? [];
  const first_difference = u.findIndex(
    (current, step) =>
      current !== expected.u[compartment]?.[step] ||
      v[step] !== expected.v[compartment]?.[step] ||
      found.spikes[step]?.includes(compartment) !== expected.spikes[step]?.includes(compartment),
  );
  if (first_difference < 0) return undefined;
  return { compartment, first_difference, u, v, spikes: spikesOf(found, compartment) };
}

function drawFormat(dice: Dice): Format {
  return {
    mode: dice.pick(['mixed', 'exc', 'inh'] as const),
    bits: dice.pick([1, 2, 3, 4, 5, 6, 7, 8, 8, 8]),
    exp: dice.pick([dice.whole(-8, 7), 0, 7]),
  };
}

function drawMantissa(dice: Dice, format: Format | undefined): number {
  if (format?.mode === 'exc') return dice.whole(0, 255);
  return format?.mode === 'inh' ? -dice.whole(1, 255) : dice.pick([dice.whole(-256, 254), -256, 254]);
}

function drawLayer(dice: Dice, n: number): Layer {
  const decay = (): number => dice.pick([0, 1, 4095, 4096, dice.whole(0, 4096), dice.whole(0, 600)]);
  const isBiased = dice.chance(0.4);
  return {
    n,
    decay_u: decay(),
    decay_v: decay(),
    vth: dice.pick([0, 2 ** 17 - 1, dice.whole(0, 99), dice.whole(0, 500), dice.whole(0, 2 ** 17 - 1)]),
    bias_mant: isBiased ? dice.pick([-4096, 4095, dice.whole(-99, 99)]) : 0,
    bias_exp: isBiased ? dice.whole(0, 7) : 0,
    refract: dice.pick([1, 1, 2, 5, 63, 64]),
  };
}

function drawLimits(dice: Dice): { vmin: number; vmax: number } {
  const [vmin, vmax] = dice.pick([
    [1 - 2 ** 23, 2 ** 23 - 1],
    [1 - 2 ** 23, 2 ** 23 - 1],
    [0, 2 ** 17 - 1],
    [-1023, 511],
  ]);
  return { vmin: vmin ?? 0, vmax: vmax ?? 0 };
}

function drawInputs(dice: Dice, steps: number, inputs: number): number[][] {
  return Array.from({ length: steps }, () =>
    Array.from({ length: inputs }, (_, input) => input).filter(() => dice.chance(0.4)),
  );
}
