import type { Format, Layer, Lif, Model, Run, Trace } from './loihi-format.ts';

/*
 * Models of Loihi's compartments, written from the rules in test/golden/loihi.md and in plain numbers, which are exact
 * up to 53 bits. It shares no code with `src`.
 */

const wrap = (x: number, bits: number): number => x - 2 ** bits * Math.floor(x / 2 ** bits + 0.5);
const clip = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x));
/** -0 is 0. */
const plus0 = (x: number): number => x + 0;
const decayed = (x: number, decay: number): number =>
  plus0(Math.sign(x) * Math.floor((Math.abs(x) * (4096 - decay)) / 4096));

function toEven(x: number): number {
  const near = Math.round(x);
  return Math.abs(x - Math.trunc(x)) === 0.5 && near % 2 !== 0 ? near - 1 : near;
}

/** The mantissa that a synapse holds; Lava rounds mixed ones down. */
function mantissaOf({ mode, bits }: Format, w: number, model: Model): number {
  const unit = 2 ** (8 - bits + (mode === 'mixed' ? 1 : 0));
  if (model === 'lava' && mode === 'mixed') return Math.floor(w / unit) * unit;
  return plus0(Math.trunc(w / unit) * unit);
}

/** A single synapse's weight. */
export function plainWeight(format: Format, w: number, model: Model): number | null {
  const { mode, bits, exp } = format;
  if (model === 'nengo_loihi') {
    if (bits === 7) return null;
    const s = 8 - bits + (mode === 'mixed' ? 1 : 0);
    const m = 2 ** (8 - s) - 1;
    const z = s + exp;
    let k = clip(toEven(w / 2 ** s), -m, m);
    if (z < 0) k = clip(toEven(toEven(k * 2 ** z) * 2 ** -z), -m, m);
    return plus0(64 * Math.floor(k * 2 ** z));
  }
  const j = 64 * Math.floor(mantissaOf(format, w, model) * 2 ** exp);
  return plus0(model === 'lava' ? j : clip(j, -(2 ** 21 - 64), 2 ** 21 - 64));
}

type Projection = Run['config']['projections'][number];

/** What one compartment takes in a step. */
interface Group {
  exp: number;
  sum: number;
}

/**
 * Runs layers under one of the models.
 *
 * @param layers parameters of each compartment, by layer
 */
function run(
  layers: ReadonlyMap<string, readonly Layer[]>,
  projections: readonly Projection[],
  inputs: readonly (readonly number[])[],
  limits: { readonly vmin: number; readonly vmax: number },
  model: Model,
): Map<string, Trace> {
  const isText = model === 'text' || model === 'nengo_loihi';
  const traces = new Map<string, Trace>();
  const states = new Map<string, { u: number; v: number; r: number }[]>();
  for (const [name, compartments] of layers) {
    states.set(
      name,
      compartments.map(() => ({ u: 0, v: 0, r: 0 })),
    );
    traces.set(name, { u: compartments.map(() => []), v: compartments.map(() => []), spikes: [] });
  }
  const outgoing = new Map<string, { projection: Projection; at: number; synapse: Projection['synapses'][number] }[]>();
  for (const [at, projection] of projections.entries())
    for (const synapse of projection.synapses) {
      const key = `${projection.pre} ${synapse[0]}`;
      outgoing.set(key, [...(outgoing.get(key) ?? []), { projection, at, synapse }]);
    }
  // By step, layer and compartment: sums, in Lava by projection, source step and delay.
  const due = new Map<string, Map<string, Group>>();
  const send = (pre: string, neuron: number, from: number): void => {
    for (const { projection, at, synapse } of outgoing.get(`${pre} ${neuron}`) ?? []) {
      const [, post, w, delay] = synapse;
      const key = `${from + delay} ${projection.post} ${post}`;
      const groups = due.get(key) ?? new Map<string, Group>();
      due.set(key, groups);
      const name = model === 'lava' ? `${at} ${from} ${delay}` : '';
      const group = groups.get(name) ?? { exp: model === 'lava' ? projection.exp : 0, sum: 0 };
      groups.set(name, group);
      group.sum +=
        model === 'lava' ? mantissaOf(projection, w, model) : (plainWeight(projection, w, 'text') ?? 0) / 64;
    }
  };
  for (const [t, now] of inputs.entries()) {
    for (const input of now) send('in', input, t);
    const spiking: [string, number][] = [];
    for (const [name, compartments] of layers) {
      const trace = traces.get(name);
      const spikes: number[] = [];
      for (const [c, { decay_u, decay_v, vth, bias_mant, bias_exp, refract }] of compartments.entries()) {
        const state = states.get(name)?.[c];
        if (state === undefined || trace === undefined) throw new Error(name);
        const groups = [...(due.get(`${t} ${name} ${c}`)?.values() ?? [])];
        const q = groups.reduce((all, { exp, sum }) => all + 64 * Math.floor(sum * 2 ** exp), 0);
        let u = decayed(state.u, decay_u) + (isText ? wrap(q, 22) : q);
        if (isText) u = wrap(u, 24);
        if (model === 'lava') u = u > 2 ** 23 ? u - 2 ** 24 : u <= -(2 ** 23) ? u + 2 ** 24 : u;
        const drive = u + bias_mant * 2 ** bias_exp;
        let v = decayed(state.v, decay_v) + (isText ? wrap(drive, 24) : drive);
        if (isText) v = clip(v, limits.vmin, limits.vmax);
        if (model === 'lava') v = clip(v, -(2 ** 23 - 1), 2 ** 23 - 1);
        if (state.r > 0) {
          v = 0;
          state.r -= 1;
        }
        if (v > 64 * vth) {
          spikes.push(c);
          v = 0;
          state.r = refract - 1;
        }
        state.u = plus0(u);
        state.v = plus0(v);
        trace.u[c]?.push(state.u);
        trace.v[c]?.push(state.v);
      }
      trace?.spikes.push(spikes);
      for (const c of spikes) spiking.push([name, c]);
    }
    for (const [name, c] of spiking) send(name, c, t + 1);
  }
  return traces;
}

/**
 * What the compartments of a recording do under a model. In Lava each pair of compartment and format is a projection.
 */
export function plainLif({ config, synapses, stimulus }: Pick<Lif, 'config' | 'synapses' | 'stimulus'>, model: Model): Trace {
  const layer = Array.from({ length: config.compartments }, (_, c): Layer => ({
    n: 1,
    decay_u: config.decay_u[c] ?? 0,
    decay_v: config.decay_v[c] ?? 0,
    vth: config.vth[c] ?? 0,
    bias_mant: config.bias_mant[c] ?? 0,
    bias_exp: config.bias_exp[c] ?? 0,
    refract: config.refract[c] ?? 1,
  }));
  const projections = config.synapse_formats.map((format, at) => ({
    ...format,
    pre: 'in',
    post: 'all',
    synapses: synapses.flatMap(([input, c, f, w]): Projection['synapses'] => (f === at ? [[input, c, w, 0]] : [])),
  }));
  const found = run(new Map([['all', layer]]), projections, stimulus.inputs, config, model).get('all');
  if (found === undefined) throw new Error('no layer');
  return found;
}

/** What the layers of a recorded network do under a model. */
export function plainNet({ config, stimulus }: Pick<Run, 'config' | 'stimulus'>, model: Model): Record<string, Trace> {
  const layers = new Map(
    Object.entries(config.layers).map(([name, layer]) => [name, Array.from({ length: layer.n }, () => layer)]),
  );
  return Object.fromEntries(run(layers, config.projections, stimulus.inputs, config, model));
}

/** The steps in which a compartment spikes. */
export function spikesOf({ spikes }: Trace, compartment: number): number[] {
  return spikes.flatMap((now, step) => (now.includes(compartment) ? [step] : []));
}
