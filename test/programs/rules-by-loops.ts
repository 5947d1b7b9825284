import { softmaxErrors } from '../engine/both/speech.ts';

/**
 * Rules of the network 784-256-10 as plain loops, on a few neurons, at mp16-8: written after the papers' equations in
 * the units of the programs, and without anything of theirs. Nothing is rounded at random: the rates shift by nothing.
 */

/** A network before a sample, by neuron, and what is presented to it. */
export interface Case {
  /** Shadow weights of 16 bits: inputs x hidden, hidden x outputs. */
  input: number[][];
  output: number[][];
  /** Weights that errors, or the label, go back through: hidden x outputs. */
  back: number[][];
  /** Which output a hidden neuron listens to, and how strongly. */
  readonly listensTo: number[];
  readonly gain: number[];
  /** The inputs that spike in each step. */
  readonly spikes: readonly (readonly number[])[];
  readonly label: number;
}

export type RuleName =
  | 'mnist-three-factor'
  | 'mnist-last-error'
  | 'mnist-random-feedback'
  | 'mnist-ottt'
  | 'mnist-ostl'
  | 'mnist-osttp'
  | 'mnist-etlp'
  | 'mnist-decolle'
  | 'mnist-e-prop'
  | 'mnist-e-prop-random'
  | 'mnist-e-prop-adaptive'
  | 'mnist-stsf'
  | 'mnist-sample-credit';

/** The settings that the loops below have. */
export const settings = {
  errorFrom: 2,
  lastStep: 4,
  errorScale: 3,
  signalScale: 8,
  softmaxScale: 4,
  threshold: 128,
};

const clip = (x: number, low: number, high: number) => Math.min(high, Math.max(low, x));
const stored = (x: number) => clip(x, -32767, 32767);
/** An inference weight is a shadow weight without its lower 8 bits, rounded to nearest. */
const weight = (shadow: number) => clip(Math.floor((shadow + 128) / 256), -128, 127);
const half = (v: number) => v - Math.floor(v / 2);
const threeQuarters = (v: number) => v - Math.floor(v / 4);
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

/** Learns one sample; the weights of the case become those after it. */
export function learn(rule: RuleName, net: Case): void {
  if (rule === 'mnist-sample-credit') {
    learnWhenItEnds(net);
    return;
  }
  const hidden = net.output.length;
  const outputs = net.output[0]?.length ?? 0;
  const each = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => make(i));
  const zeros = (count: number) => each(count, () => 0);
  const at = (list: readonly number[] | undefined, index: number) => list?.[index] ?? 0;

  let v = zeros(hidden);
  let out = zeros(outputs);
  let local = zeros(outputs);
  let inTrace = zeros(net.input.length);
  let hiddenTrace = zeros(hidden);
  let slope = zeros(hidden);
  const errorFrom = rule === 'mnist-last-error' ? settings.lastStep : settings.errorFrom;
  let touched = each(hidden, () => false);
  let eligibility = net.input.map(() => zeros(hidden));

  for (const [step, active] of net.spikes.entries()) {
    const spiked = net.input.map((_, i) => active.includes(i));
    // The eligibility keeps what the potential keeps: half, less what the reset takes.
    if (rule === 'mnist-ostl' || rule === 'mnist-osttp')
      eligibility = eligibility.map((row) => row.map((e, j) => Math.floor((e * (128 - at(slope, j))) / 256)));
    inTrace = inTrace.map((t, i) => clip(Math.floor(t / 2) + (spiked[i] === true ? 64 : 0), 0, 255));
    if (rule === 'mnist-ostl' || rule === 'mnist-osttp')
      eligibility = eligibility.map((row, i) =>
        row.map((e) => clip(e + (spiked[i] === true ? 64 : 0), 0, 255)),
      );

    v = v.map((potential, j) => potential + sum(active.map((i) => weight(at(net.input[i], j)))));
    slope = v.map((potential) => Math.floor(Math.max(0, 128 - Math.abs(potential - 128)) / 2));
    const isNear = v.map((potential) => Math.abs(potential - 128) < 64);
    touched = touched.map((was, j) => was || at(slope, j) > 0);
    if (rule.startsWith('mnist-e-prop'))
      eligibility = eligibility.map((row, i) =>
        row.map((e, j) =>
          at(inTrace, i) === 0
            ? e
            : clip(e - Math.ceil(e / 4) + Math.floor((at(inTrace, i) * at(slope, j)) / 128), 0, 255),
        ),
      );
    const fires = v.map((potential) => potential >= 128);
    v = v.map((potential) => half(potential >= 128 ? potential - 128 : potential));
    const firing = each(hidden, (j) => j).filter((j) => fires[j]);
    hiddenTrace = hiddenTrace.map((t, j) =>
      clip(t - Math.ceil(t / 4) + (fires[j] === true ? 64 : 0), 0, 255),
    );

    // STSF leaks after its outputs have spiked, all others before they integrate.
    if (rule !== 'mnist-stsf') out = out.map(threeQuarters);
    out = out.map((potential, k) => potential + sum(firing.map((j) => weight(at(net.output[j], k)))));
    local = each(outputs, (k) => sum(firing.map((j) => weight(at(net.back[j], k)))));
    const outSpiked = out.map((potential) => potential >= 256);
    if (rule === 'mnist-stsf')
      out = out.map((potential) => threeQuarters(potential >= 256 ? potential - 256 : potential));
    if (step < errorFrom) continue;

    const errorOf = (potentials: readonly number[]) =>
      potentials.map((potential, k) => (k === net.label ? 127 : 0) - clip(Math.floor(potential / 8), 0, 127));
    const isSpikes = rule === 'mnist-stsf';
    const error = isSpikes
      ? outSpiked.map((has, k) => (k === net.label ? 64 : 0) - (has ? 64 : 0))
      : errorOf(out);
    if (
      error.every((e) => e === 0) &&
      rule !== 'mnist-osttp' &&
      rule !== 'mnist-etlp' &&
      rule !== 'mnist-decolle'
    )
      continue;

    const through = (weights: (j: number, k: number) => number, errors: readonly number[]) =>
      each(hidden, (j) => sum(errors.map((e, k) => e * weights(j, k))));
    const scaled = (values: readonly number[], scale: number) =>
      values.map((value) => clip(Math.floor(value / scale), -127, 127));
    const signal = ((): number[] => {
      const sloped = (values: readonly number[]) => values.map((x, j) => Math.trunc((x * at(slope, j)) / 64));
      const where = (values: readonly number[], open = touched) =>
        values.map((x, j) => (open[j] === true ? x : 0));
      switch (rule) {
        case 'mnist-three-factor':
        case 'mnist-last-error':
          return where(
            scaled(
              through((j, k) => weight(at(net.output[j], k)), error),
              256,
            ),
            isNear,
          );
        case 'mnist-random-feedback':
          return where(
            scaled(
              through((j, k) => at(net.back[j], k), error),
              256,
            ),
            isNear,
          );
        case 'mnist-ottt':
        case 'mnist-ostl':
          return sloped(
            scaled(
              through((j, k) => weight(at(net.output[j], k)), error),
              256,
            ),
          );
        case 'mnist-osttp':
        case 'mnist-etlp':
          return sloped(each(hidden, (j) => at(net.back[j], net.label)));
        case 'mnist-decolle':
          return sloped(
            scaled(
              through((j, k) => weight(at(net.back[j], k)), errorOf(local)),
              256,
            ),
          );
        case 'mnist-e-prop':
          return where(
            scaled(
              through((j, k) => weight(at(net.output[j], k)), error),
              256,
            ),
          );
        case 'mnist-e-prop-random':
          return where(
            scaled(
              through((j, k) => at(net.back[j], k), error),
              256,
            ),
          );
        case 'mnist-e-prop-adaptive':
          return where(
            scaled(
              through((j, k) => Math.floor(at(net.back[j], k) / 256), error),
              256,
            ),
          );
        case 'mnist-stsf':
          return each(hidden, (j) =>
            fires[j] === true
              ? clip(Math.trunc((at(error, at(net.listensTo, j)) * at(net.gain, j)) / 64), -127, 127)
              : 0,
          );
      }
    })();

    const pre = (i: number, j: number) =>
      isSpikes
        ? Number(spiked[i])
        : eligible(rule)
          ? at(inTrace, i) && at(eligibility[i], j)
          : at(inTrace, i);
    const preOfOutput = (j: number) => (isSpikes ? Number(fires[j]) : at(hiddenTrace, j));
    const change = (j: number, k: number) => preOfOutput(j) * at(error, k);
    // With a decay of 2^0, adaptive feedback keeps nothing but what it learns, where it learns.
    const kept = (j: number, k: number) => (rule === 'mnist-e-prop-adaptive' && change(j, k) !== 0 ? 0 : 1);
    if (rule === 'mnist-e-prop-adaptive')
      net.back = net.back.map((row, j) => row.map((w, k) => stored(w * kept(j, k) + change(j, k))));
    net.output = net.output.map((row, j) => row.map((w, k) => stored(w * kept(j, k) + change(j, k))));
    net.input = net.input.map((row, i) => row.map((w, j) => stored(w + pre(i, j) * at(signal, j))));
  }
}

/** Credit for the whole sample: what each synapse has summed meets the error of all steps together. */
function learnWhenItEnds(net: Case): void {
  const hidden = net.output.length;
  const zeros = Array<number>(hidden).fill(0);
  const traces = net.input.map(() => 0);
  const eligibility = net.input.map(() => [...zeros]);
  const [v, counts] = [[...zeros], [...zeros]];
  for (const active of net.spikes) {
    for (const [i, trace] of traces.entries())
      traces[i] = Math.min(65535, trace - Math.floor(trace / 2) + (active.includes(i) ? 2 ** 14 : 0));
    for (let j = 0; j < hidden; j++) {
      const potential = (v[j] ?? 0) + sum(active.map((i) => weight(net.input[i]?.[j] ?? 0)));
      if (Math.abs(potential - 128) < 64)
        for (const [i, trace] of traces.entries()) {
          const row = eligibility[i] ?? [];
          row[j] = (row[j] ?? 0) + Math.floor(trace / 256);
        }
      v[j] = half(potential >= 128 ? potential - 128 : potential);
      if (potential >= 128) counts[j] = (counts[j] ?? 0) + 1;
    }
  }
  const outputs = net.output[0]?.length ?? 0;
  const scores = Array.from({ length: outputs }, (_, k) =>
    sum(counts.map((count, j) => count * weight(net.output[j]?.[k] ?? 0))),
  );
  const errors = softmaxErrors(scores, net.label, settings.softmaxScale);
  const signals = net.output.map((row) =>
    clip(
      Math.floor(sum(errors.map((e, k) => e * weight(row[k] ?? 0))) / 2 ** settings.signalScale),
      -127,
      127,
    ),
  );
  net.output = net.output.map((row, j) => row.map((w, k) => stored(w + (counts[j] ?? 0) * (errors[k] ?? 0))));
  net.input = net.input.map((row, i) =>
    row.map((w, j) => stored(w + (eligibility[i]?.[j] ?? 0) * (signals[j] ?? 0))),
  );
}

/** Whether synapses have a trace of their own. */
function eligible(rule: RuleName): boolean {
  return rule.startsWith('mnist-e-prop') || rule === 'mnist-ostl' || rule === 'mnist-osttp';
}
