// The update of a neuron of Catalyst N1 (../n1.md, section 3).

import type { N1Flags, N1Parameter, N1State } from './n1-format.ts';
import { s16 } from './n1-learning.ts';

export type Parameters = Readonly<Record<N1Parameter, number>>;

export interface Neuron extends Record<N1State, number> {
  /** Whether it has spiked in this step. */
  spiked: boolean;
}

/** What an update has to know beside the neuron. */
export interface Surroundings {
  readonly flags: N1Flags;
  readonly lfsr: number;
  readonly epoch: number;
  readonly isLast: boolean;
  /** T of the rules. */
  readonly threshold: number;
}

export const s24 = (x: number): number => (x << 8) >> 8;

/** Products have up to 36 bits. */
function raz(p: number): number {
  const lost = p - Math.floor(p / 4096) * 4096;
  return Math.floor(p / 4096) + (lost === 0 ? 0 : p < 0 ? -1 : 1);
}

const over = (x: number, t: number): number => (x > t ? s16(x - t) : 0);

/** Updates a neuron; returns its payload and what it adds to its parent if it spikes, else nothing. */
export function updateNeuron(
  n: Neuron,
  p: Parameters,
  around: Surroundings,
): { payload: number; carry: number } | undefined {
  const { flags, lfsr } = around;
  const noise = flags.noise === 1 ? drawNoise(p.noise, lfsr) : 0;
  const [nT, nV, nU] = [0, 1, 2].map((target) => (p.noise_target === target ? noise : 0)) as [
    number,
    number,
    number,
  ];
  const thr = s24(n.threshold + nT);
  const input = flags.dendritic === 1 ? s24(n.acc + dendrites(n, p)) : n.acc;
  const payload = Math.min(255, Math.max(1, s24(n.potential + input - p.leak - thr)));
  const isCurrentBased = p.decay_v !== 0 || p.decay_u !== 0 || p.bias !== 0;
  const ways = [thr, n.potential, n.current, n.acc];
  const carry = isCurrentBased ? (ways[p.join >> 2] ?? 0) : thr;
  const isRefractory = n.refractory > 0;
  let v: number;
  let spikes: boolean;
  let current = 0;
  if (isCurrentBased) {
    const drive = flags.scale_u === 1 ? raz(input * p.decay_u) : input;
    const bias = s24((s16(p.bias) >> 3) << (p.bias & 7));
    const left = n.potential - raz(n.potential * p.decay_v);
    current = s24(n.current - raz(n.current * p.decay_u) + drive + nU);
    if (isRefractory) v = (p.refractory >> 9) & 1 ? s24(left - bias + nV) : p.rest;
    else v = s24(left + n.current + bias + nV);
    spikes = !isRefractory && v >= thr;
  } else {
    const reached = s24(n.potential + input - p.leak);
    spikes = !isRefractory && reached >= thr;
    v = !isRefractory && s24(n.potential + input) > p.leak ? reached : p.rest;
  }
  n.refractory = spikes ? p.refractory & 255 : Math.max(0, n.refractory - 1);
  n.potential = Math.min(p.vmax, Math.max(p.vmin, spikes ? p.rest : v));
  n.current = current;
  n.acc = 0;
  n.dend1 = 0;
  n.dend2 = 0;
  n.dend3 = 0;
  updateTraces(n, p, lfsr, spikes);
  count(n, p, around, spikes);
  return spikes ? { payload, carry } : undefined;
}

function drawNoise(noise: number, lfsr: number): number {
  const mask = Math.min(0xffff, (noise & 15) * 2 ** (noise >> 4));
  return s16((lfsr & mask & 0x7fff) - (mask >> 1));
}

function dendrites(n: Neuron, p: Parameters): number {
  const [p1, p2, p3] = [p.dend_parent & 3, (p.dend_parent >> 2) & 3, (p.dend_parent >> 4) & 3];
  const o3 = over(n.dend3, p.dend_thr3);
  const o2 = over(s16(n.dend2 + (p3 === 2 ? o3 : 0)), p.dend_thr2);
  const o1 = over(s16(n.dend1 + (p2 === 1 ? o2 : 0) + (p3 === 1 ? o3 : 0)), p.dend_thr1);
  return s16((p1 === 0 ? o1 : 0) + (p2 === 0 ? o2 : 0) + (p3 === 0 ? o3 : 0));
}

function updateTraces(n: Neuron, p: Parameters, lfsr: number, spikes: boolean): void {
  const [low, high] = [lfsr & 255, (lfsr >> 8) & 255];
  const crossed = ((lfsr & 15) << 4) | (lfsr >> 12);
  const middle = (((lfsr >> 8) & 15) << 4) | ((lfsr >> 4) & 15);
  const next = (x: number, tau: number, draw: (mask: number) => number): number => {
    if (spikes) return 100;
    const mask = (2 ** tau - 1) & 255;
    const step = (x >> tau) + (draw(mask) < (x & mask) ? 1 : 0);
    return x === 0 ? 0 : step === 0 ? x - 1 : x - step;
  };
  n.trace1 = next(n.trace1, p.tau1, (mask) => low & mask);
  n.trace2 = next(n.trace2, p.tau2, (mask) => high & mask);
  n.x2 = next(n.x2, p.tau_x2, (mask) => low ^ (high & mask));
  n.y2 = next(n.y2, p.tau_y2, (mask) => crossed & mask);
  n.y3 = next(n.y3, p.tau_y3, (mask) => middle & mask);
}

function count(n: Neuron, p: Parameters, { epoch, isLast, threshold }: Surroundings, spikes: boolean): void {
  if (spikes) {
    n.spiked = true;
    n.spike_time = epoch & 255;
  }
  if (p.homeo_target > 0 && isLast) {
    if (n.spike_count > p.homeo_target) n.threshold = Math.min(n.threshold + p.homeo_eta, 4 * threshold);
    else if (n.spike_count < p.homeo_target)
      n.threshold = Math.max(n.threshold - p.homeo_eta, Math.floor(threshold / 4));
  }
  n.spike_count = isLast ? Number(n.spiked) : (n.spike_count + Number(n.spiked)) & 255;
}
