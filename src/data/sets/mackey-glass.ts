import { numberAt } from '../../text/index.ts';
import { type Dataset, type FeatureSet, levelOf, type Targets } from './dataset.ts';

/** A chaotic series, and what of it is seen and asked. Times are in the unit of the equation. */
export interface MackeyGlass {
  readonly trainSamples: number;
  readonly testSamples: number;
  /** The delay of the equation. */
  readonly tau: number;
  /** Values of the past that a sample shows, and the time from one to the next. */
  readonly taps: number;
  readonly every: number;
  /** How far ahead the value lies that is asked for. */
  readonly ahead: number;
  /** Of the number that is asked for. */
  readonly bits: number;
}

export const defaultMackeyGlass: MackeyGlass = {
  trainSamples: 4000,
  testSamples: 1000,
  tau: 17,
  taps: 16,
  every: 2,
  ahead: 6,
  bits: 12,
};

/** dx/dt = beta x(t - tau) / (1 + x(t - tau)^n) - gamma x (Mackey and Glass, Science 197:287, 1977). */
const [beta, gamma, power] = [0.2, 0.1, 10];
/** The value until the series begins, and how long it then takes to its attractor. */
const start = 1.2;
const settling = 1000;
/** Steps of the integration in a unit of time. */
const stepsOfUnit = 10;
/** The series stays within this range for the delays that the task takes. */
const [low, high] = [0.1, 1.6];
const inputLevels = 256;

/**
 * The series at each unit of time from its start, by the method of Runge and Kutta. Half a step back, it takes the
 * cubic through what is known on both sides, so that the past is as exact as the method.
 */
export function mackeyGlassSeries(tau: number, count: number): Float64Array {
  const h = 1 / stepsOfUnit;
  const delay = tau * stepsOfUnit;
  const steps = count * stepsOfUnit;
  const x = new Float64Array(steps + 1);
  const slopes = new Float64Array(steps + 1);
  x[0] = start;
  const past = (step: number): number => (step <= 0 ? start : numberAt(x, step));
  // At the start the slope jumps: until then it is zero.
  const slopeAfter = (step: number): number => (step < 0 ? 0 : numberAt(slopes, step));
  const slopeBefore = (step: number): number => (step <= 0 ? 0 : numberAt(slopes, step));
  const slope = (value: number, delayed: number): number =>
    (beta * delayed) / (1 + delayed ** power) - gamma * value;
  for (let step = 0; step < steps; step++) {
    const value = numberAt(x, step);
    const [from, to] = [past(step - delay), past(step + 1 - delay)];
    const bend = (h / 8) * (slopeAfter(step - delay) - slopeBefore(step + 1 - delay));
    const middle = (from + to) / 2 + bend;
    const k1 = slope(value, from);
    slopes[step] = k1;
    const k2 = slope(value + (h / 2) * k1, middle);
    const k3 = slope(value + (h / 2) * k2, middle);
    const k4 = slope(value + h * k3, to);
    x[step + 1] = value + (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return Float64Array.from({ length: count }, (_, unit) => numberAt(x, unit * stepsOfUnit));
}

/**
 * Samples in the order of time: some values of the past, and one that never changes, for a bias. A sample asks for a
 * value ahead. The test begins where training ends.
 */
export function mackeyGlass(task: MackeyGlass): Dataset<FeatureSet> {
  const { trainSamples, testSamples, tau, taps, every, ahead, bits } = task;
  const reach = (taps - 1) * every;
  const count = reach + trainSamples + testSamples + ahead;
  const series = mackeyGlassSeries(tau, settling + count).subarray(settling);
  const targets: Targets = { low, high, levels: 2 ** bits };
  const shown: Targets = { low, high, levels: inputLevels };
  const inputs = taps + 1;
  const set = (name: string, first: number, count: number): FeatureSet => {
    const values = new Uint8Array(count * inputs).fill(inputLevels - 1);
    const labels = new Uint16Array(count);
    for (let sample = 0; sample < count; sample++) {
      const now = reach + first + sample;
      for (let tap = 0; tap < taps; tap++)
        values[sample * inputs + tap] = levelOf(shown, numberAt(series, now - tap * every));
      labels[sample] = levelOf(targets, numberAt(series, now + ahead));
    }
    return { kind: 'features', name, inputs, classes: 0, count, values, labels, targets };
  };
  return {
    name: 'mackey-glass',
    description: `the Mackey-Glass series with a delay of ${tau}, ${ahead} ahead of ${taps} values, ${every} apart: ${trainSamples} for training and the next ${testSamples} for testing`,
    train: set('train', 0, trainSamples),
    test: set('test', trainSamples, testSamples),
  };
}
