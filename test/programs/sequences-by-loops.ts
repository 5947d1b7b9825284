import { softmaxErrors } from '../engine/both/speech.ts';

/**
 * Rules of the recurrent network that reads Braille as plain loops, on a few neurons, at mp16-8: written in the units
 * of the programs, and without anything of theirs. Nothing is rounded at random: the rates shift by nothing.
 */
export interface Sequence {
  /** Shadow weights of 16 bits, row by row: inputs x hidden, hidden x hidden, hidden x outputs. */
  input: number[][];
  recurrent: number[][];
  output: number[][];
  /** The inputs that spike in each step. */
  readonly spikes: readonly (readonly number[])[];
  readonly label: number;
}

export const sequenceRules = [
  'braille-recurrent',
  'braille-replay',
  'braille-every-step',
  'braille-e-prop',
] as const;
export type SequenceRule = (typeof sequenceRules)[number];

const [threshold, softmaxShift, signalShift, leak] = [128, 4, 5, 5];

const clip = (x: number, low: number, high: number) => Math.min(high, Math.max(low, x));
const stored = (x: number) => clip(x, -32767, 32767);
const weight = (shadow: number) => clip(Math.floor((shadow + 128) / 256), -128, 127);
const kept = (x: number) => x - Math.floor(x / 2 ** leak);

/** Learns one sample; the weights of the network become those after it. */
export function learnSequence(rule: SequenceRule, net: Sequence): void {
  const hidden = net.output.length;
  const outputs = net.output[0]?.length ?? 0;
  const rows = () => [...net.input, ...net.recurrent];
  const counts = Array<number>(hidden).fill(0);
  const scores = Array<number>(outputs).fill(0);
  const eligibility = rows().map(() => Array<number>(hidden).fill(0));
  let errors = Array<number>(outputs).fill(0);
  let signals = Array<number>(hidden).fill(0);

  /** Adds to each weight of inputs and of hidden neurons its own product. */
  const move = (by: (row: number, j: number) => number): void => {
    const moved = rows().map((row, i) => row.map((w, j) => stored(w + by(i, j))));
    net.input = moved.slice(0, net.input.length);
    net.recurrent = moved.slice(net.input.length);
  };
  const moveOutputs = (): void => {
    net.output = net.output.map((row, j) =>
      row.map((w, k) => stored(w + clip(counts[j] ?? 0, 0, 127) * (errors[k] ?? 0))),
    );
  };
  const judge = (): boolean => {
    errors = softmaxErrors(scores, net.label, softmaxShift);
    if (errors.every((error) => error === 0)) return false;
    signals = net.output.map((row) => {
      const sum = row.reduce((all, w, k) => all + weight(w) * (errors[k] ?? 0), 0);
      return clip(Math.floor(sum / 2 ** signalShift), -127, 127);
    });
    return true;
  };

  const present = (isReplay: boolean): void => {
    const traces = rows().map(() => 0);
    let v = Array<number>(hidden).fill(0);
    let before: boolean[] = [];
    for (const active of net.spikes) {
      const heard = rows().map((_, i) =>
        i < net.input.length ? active.includes(i) : before[i - net.input.length] === true,
      );
      for (const [i, trace] of traces.entries())
        traces[i] = Math.min(65535, kept(trace) + (heard[i] === true ? 2048 : 0));
      const levels = traces.map((trace) => Math.floor(trace / 256));
      v = v.map((old, j) =>
        rows().reduce((sum, row, i) => sum + (heard[i] === true ? weight(row[j] ?? 0) : 0), kept(old)),
      );
      const isNear = v.map((potential) => Math.abs(potential - threshold) < threshold);
      for (const [i, row] of eligibility.entries())
        for (const j of row.keys()) if (isNear[j] === true) row[j] = (row[j] ?? 0) + (levels[i] ?? 0);
      const learnHere = () => move((i, j) => (isNear[j] === true ? (levels[i] ?? 0) * (signals[j] ?? 0) : 0));
      if (isReplay) learnHere();
      before = v.map((potential) => potential >= threshold);
      v = v.map((potential) => (potential >= threshold ? potential - threshold : potential));
      if (isReplay) continue;
      for (const j of before.keys()) {
        if (before[j] !== true) continue;
        counts[j] = (counts[j] ?? 0) + 1;
        for (const k of scores.keys()) scores[k] = (scores[k] ?? 0) + weight(net.output[j]?.[k] ?? 0);
      }
      if (rule === 'braille-every-step' && judge()) learnHere();
      if (rule === 'braille-e-prop' && judge()) {
        moveOutputs();
        move((i, j) => (eligibility[i]?.[j] ?? 0) * (signals[j] ?? 0));
      }
    }
  };

  present(false);
  if (rule === 'braille-every-step') moveOutputs();
  if (rule === 'braille-e-prop' || rule === 'braille-every-step' || !judge()) return;
  moveOutputs();
  if (rule === 'braille-replay') present(true);
  else move((i, j) => (eligibility[i]?.[j] ?? 0) * (signals[j] ?? 0));
}
