import { softmaxErrors } from '../engine/both/speech.ts';

/**
 * The network that tells the parts of a heartbeat, and its rules, as plain loops at mp16-8, step by step: written in
 * the units of the programs, and without anything of theirs. Nothing is rounded at random: the rates shift by nothing.
 */
export const heartbeatRules = ['ecg', 'ecg-seldom', 'ecg-every-step'] as const;
export type HeartbeatRule = (typeof heartbeatRules)[number];

/** Settings that keep sums of a few steps within 16 bits. */
export const settings = { eligibilityShift: 10, pause: 3 };

/** Shadow weights of 16 bits, row by row. */
interface Weights {
  input: number[][];
  recurrent: number[][];
  output: number[][];
}

const threshold = 2 ** 11;
const [softmaxShift, signalShift] = [4, 5];

const clip = (x: number, low: number, high: number) => Math.min(high, Math.max(low, x));
const stored = (x: number) => clip(x, -32767, 32767);
const weight = (shadow: number) => clip(Math.floor((shadow + 128) / 256), -128, 127);
const faded = (x: number, by: number) => x - Math.ceil(x / by);
const leaks = [4, 16, 64];
const marks = [16384, 8192, 4096];

/** The state of the network, which goes on from step to step. */
export class Heartbeats {
  readonly weights: Weights;
  score: number[];
  readonly #rule: HeartbeatRule;
  readonly #speed: readonly number[];
  #v: number[];
  #later: number[];
  #fatigue: number[];
  /** What the outputs have heard of each hidden neuron. */
  #heard: number[];
  /** By speed, then by input and hidden neuron. */
  #trails: number[][];
  #eligibility: number[][];

  constructor(rule: HeartbeatRule, weights: Weights, speed: readonly number[]) {
    const zeros = () => speed.map(() => 0);
    this.#rule = rule;
    this.weights = { ...weights };
    this.#speed = speed;
    [this.#v, this.#later, this.#fatigue, this.#heard] = [zeros(), zeros(), zeros(), zeros()];
    this.score = weights.output[0]?.map(() => 0) ?? [];
    this.#trails = leaks.map(() => this.#rows().map(() => 0));
    this.#eligibility = this.#rows().map(zeros);
  }

  #rows(): number[][] {
    return [...this.weights.input, ...this.weights.recurrent];
  }

  /** Learns a step. Returns how many hidden neurons spiked. */
  step(active: readonly number[], label: number, index: number): number {
    const inputs = this.weights.input.length;
    this.score = this.score.map((score) => score - Math.floor(score / 16));
    this.#v = this.#v.map((v, j) => v + (this.#later[j] ?? 0));
    this.#trails = this.#trails.map((trails, speed) => trails.map((x) => faded(x, leaks[speed] ?? 1)));
    this.#heard = this.#heard.map((x) => faded(x, 16));
    for (const i of active) this.#touch(i);
    this.#v = this.#v.map((v, j) =>
      active.reduce((sum, i) => sum + 16 * weight(this.weights.input[i]?.[j] ?? 0), v),
    );
    const tops = this.#fatigue.map((fatigue) => threshold + Math.floor(fatigue / 2));
    const slopes = this.#v.map((v, j) =>
      Math.floor(Math.max(0, threshold - Math.abs(v - (tops[j] ?? 0))) / 32),
    );
    this.#eligibility = this.#eligibility.map((row, i) =>
      row.map((e, j) => {
        const more = Math.floor((this.#level(i, j) * (slopes[j] ?? 0)) / 2 ** settings.eligibilityShift);
        return Math.min(4095, faded(e, 16) + more);
      }),
    );
    const fires = this.#v.map((v, j) => v >= (tops[j] ?? 0));
    this.#v = this.#v.map((v, j) => {
      const rest = fires[j] === true ? v - threshold : v;
      return rest - Math.floor(rest / (leaks[this.#speed[j] ?? 0] ?? 1));
    });
    this.#fatigue = this.#fatigue.map((x, j) => faded(x, 128) + (fires[j] === true ? 512 : 0));
    const firing = [...fires.keys()].filter((j) => fires[j]);
    for (const j of firing) {
      this.#touch(inputs + j);
      this.#heard[j] = Math.min(255, (this.#heard[j] ?? 0) + 64);
    }
    const sumOf = (rows: readonly number[][], target: number) =>
      firing.reduce((sum, j) => sum + weight(rows[j]?.[target] ?? 0), 0);
    this.score = this.score.map((score, k) => score + sumOf(this.weights.output, k));
    this.#later = this.#later.map((_, m) => 16 * sumOf(this.weights.recurrent, m));
    if (this.#rule !== 'ecg-seldom' || (index + 1) % settings.pause === 0) this.#learn(label, slopes);
    return firing.length;
  }

  #touch(row: number): void {
    for (const [speed, trails] of this.#trails.entries())
      trails[row] = Math.min(65535, (trails[row] ?? 0) + (marks[speed] ?? 0));
  }

  /** What a hidden neuron, by its speed, remembers of an input or of another one. */
  #level(row: number, j: number): number {
    return Math.floor((this.#trails[this.#speed[j] ?? 0]?.[row] ?? 0) / 256);
  }

  #learn(label: number, slopes: readonly number[]): void {
    const errors = softmaxErrors(this.score, label, softmaxShift);
    if (errors.every((error) => error === 0)) return;
    const isSloped = this.#rule === 'ecg-every-step';
    const signals = this.weights.output.map((row, j) => {
      const sum = row.reduce((all, w, k) => all + weight(w) * (errors[k] ?? 0), 0);
      const signal = clip(Math.floor(sum / 2 ** signalShift), -127, 127);
      return isSloped ? Math.trunc((signal * (slopes[j] ?? 0)) / 64) : signal;
    });
    this.weights.output = this.weights.output.map((row, j) =>
      row.map((w, k) => stored(w + (this.#heard[j] ?? 0) * (errors[k] ?? 0))),
    );
    const credit = (i: number, j: number) =>
      isSloped ? this.#level(i, j) : (this.#eligibility[i]?.[j] ?? 0);
    const moved = this.#rows().map((row, i) =>
      row.map((w, j) => stored(w + credit(i, j) * (signals[j] ?? 0))),
    );
    this.weights.input = moved.slice(0, this.weights.input.length);
    this.weights.recurrent = moved.slice(this.weights.input.length);
  }
}
