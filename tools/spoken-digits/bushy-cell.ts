/*
 * A bushy cell of the cochlear nucleus, onto which fibres of one place converge: it fires where many of them do at
 * once, so its spikes are locked to the phase of the sound. B. Cramer et al., IEEE TNNLS 33, 2744 (2022).
 */
const fibres = 40;
const membraneSeconds = 1e-3;
const synapseSeconds = 5e-4;
/** Of fibres and of the cell. */
const refractorySeconds = 1e-3;
/** Of a fibre's spike, in thresholds of the membrane a second. */
const weight = 13_000 / fibres;
const surest = 1 - 1e-12;
/** Below it, five terms of the logarithm's series are right to nine digits. */
const small = 0.02;

/** Takes the next random number, above 0 and at most 1. */
export type Draw = () => number;

/**
 * The spikes of a bushy cell, as samples of the probability that a fibre fires.
 *
 * A fibre that fires with probability p in a sample has a hazard of -ln(1 - p) there. The first of n fibres fires where
 * n times the sum of it passes a number drawn from an exponential distribution. That takes a draw for each spike of a
 * fibre, where one for each fibre and sample would do the same.
 */
export function bushySpikes(probability: Float64Array, sampleRate: number, draw: Draw): number[] {
  const refractory = Math.ceil(refractorySeconds * sampleRate);
  const keptByMembrane = Math.exp(-1 / (sampleRate * membraneSeconds));
  const keptBySynapse = Math.exp(-1 / (sampleRate * synapseSeconds));
  const gain = weight / sampleRate;
  const spikes: number[] = [];
  /** Fibres that come back, by the sample in which they do, in a ring. */
  const returning = new Uint8Array(refractory);
  let [ready, place, wait] = [fibres, 0, -Math.log(draw())];
  let [current, potential, rest] = [0, 0, 0];
  for (let time = 0; time < probability.length; time++) {
    ready += returning[place] as number;
    let fired = 0;
    let hazard = hazardOf(probability[time] as number);
    let passed = ready * hazard;
    while (wait <= passed && ready > 0) {
      hazard -= wait / ready;
      ready -= 1;
      passed = ready * hazard;
      fired += 1;
      wait = -Math.log(draw());
    }
    wait -= passed;
    returning[place] = fired;
    place = place + 1 === refractory ? 0 : place + 1;
    current = current * keptBySynapse + fired;
    if (rest > 0) rest -= 1;
    else {
      potential = potential * keptByMembrane + current * gain;
      if (potential < 1) continue;
      spikes.push(time);
      potential = 0;
      rest = refractory;
    }
  }
  return spikes;
}

/** -ln(1 - p). */
function hazardOf(p: number): number {
  return p < small
    ? p * (1 + p * (1 / 2 + p * (1 / 3 + p * (1 / 4 + p / 5))))
    : -Math.log1p(-Math.min(p, surest));
}
