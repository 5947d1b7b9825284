// ReckOn from its specification (../specification.md, section 2), rule by rule: a plain model that shares no code with
// src/. Read it beside the text; it uses the same section numbers. Like the text, it assumes even NI and NR.

import type { BitGenerator } from './bit-generator.ts';
import type {
  ReckonConfig,
  ReckonExpected,
  ReckonSample,
  ReckonSampleExpected,
  ReckonState,
  ReckonStimulus,
} from './reckon-format.ts';
import {
  at,
  clampWeight,
  firstLargest,
  hasBit,
  low,
  narrowRoundingGenerator,
  outputWeightGenerator,
  parities,
  s16,
  sat16,
  signed16,
  stochasticUpdate,
  weightGenerator,
  wideRoundingGenerator,
  wrap32,
} from './reckon-numbers.ts';

export * from './reckon-format.ts';

/** Ticks of sample 0 whose state is given for debugging. */
const ticksWithState = 12;

/** Posts of a group, weights of a word. */
const groupSize = 16;

/** Runs a stimulus on the plain model. */
export function plainReckon(stimulus: ReckonStimulus): ReckonExpected {
  return new PlainReckon(stimulus).run();
}

/** 2.4: the pairs that STEP visits, of which each has its alpha and threshold. */
export function reckonPairs({ num_rec, num_inp, num_out }: ReckonConfig): number {
  return Math.ceil(Math.max(num_rec, num_inp, num_out) / 2);
}

/** One of the two matrices that Phase B learns. */
interface Matrix {
  readonly weights: number[][];
  /** Of do_eprop, and the one in regul_w. */
  readonly isLearned: boolean;
  readonly isRegularised: boolean;
  readonly isRecurrent: boolean;
  readonly lrP: number;
  readonly lrR: number;
  readonly kP: number;
  readonly kR: number;
  readonly random: BitGenerator;
  /** Index of its reads in the SRAM counts. */
  readonly reads: number;
}

class PlainReckon {
  readonly stimulus: ReckonStimulus;
  readonly NI: number;
  readonly NR: number;
  readonly NO: number;
  readonly NN: number;
  readonly P: number;
  readonly winp: number[][];
  readonly wrec: number[][];
  readonly wout: number[][];
  u: number[] = [];
  ti: number[] = [];
  tr: number[] = [];
  to: number[] = [];
  o: number[] = [];
  z: boolean[] = [];
  winnerCounts: number[] = [];
  sram: number[] = [];
  readonly inputMatrix: Matrix;
  readonly recurrentMatrix: Matrix;
  readonly randomOut: BitGenerator;
  /** By the parity of the neuron. */
  readonly randomU: readonly BitGenerator[];
  readonly randomTi: readonly BitGenerator[];
  readonly randomTr: readonly BitGenerator[];
  readonly randomTo: readonly BitGenerator[];
  readonly randomO: BitGenerator;

  constructor(stimulus: ReckonStimulus) {
    this.stimulus = stimulus;
    const c = stimulus.config;
    this.NI = c.num_inp;
    this.NR = c.num_rec;
    this.NO = c.num_out;
    this.NN = Math.max(this.NI, this.NR);
    this.P = reckonPairs(c);
    this.winp = stimulus.w_inp.map((row) => [...row]);
    this.wrec = stimulus.w_rec.map((row) => [...row]);
    this.wout = stimulus.w_out.map((row) => [...row]);
    this.inputMatrix = {
      weights: this.winp,
      isLearned: hasBit(c.do_eprop, 0),
      isRegularised: hasBit(c.regul_w, 0),
      isRecurrent: false,
      lrP: c.lr_p_winp,
      lrR: c.lr_r_winp,
      kP: c.regul_k_inp_p,
      kR: c.regul_k_inp_r,
      random: weightGenerator(c.seed_inp),
      reads: 2,
    };
    this.recurrentMatrix = {
      weights: this.wrec,
      isLearned: hasBit(c.do_eprop, 1),
      isRegularised: hasBit(c.regul_w, 1),
      isRecurrent: true,
      lrP: c.lr_p_wrec,
      lrR: c.lr_r_wrec,
      kP: c.regul_k_rec_p,
      kR: c.regul_k_rec_r,
      random: weightGenerator(c.seed_rec),
      reads: 4,
    };
    this.randomOut = outputWeightGenerator(c.seed_out);
    this.randomU = parities(c.seed_strnd_neur).map(wideRoundingGenerator);
    this.randomTi = parities(c.seed_strnd_tinp).map(wideRoundingGenerator);
    this.randomTr = parities(c.seed_strnd_trec).map(wideRoundingGenerator);
    this.randomTo = parities(c.seed_strnd_tout).map(narrowRoundingGenerator);
    this.randomO = narrowRoundingGenerator(c.seed_strnd_oneur);
  }

  run(): ReckonExpected {
    const states: ReckonExpected['state_after_step'] = [];
    const samples = this.stimulus.samples.map((sample, index) =>
      this.sample(sample, (tick) => {
        if (index === 0 && tick <= ticksWithState) states.push({ sample: index, tick, ...this.state() });
      }),
    );
    return {
      samples,
      state_after_step: states,
      final_state: this.state(),
      final_w_inp: changed(this.winp, this.stimulus.w_inp),
      final_w_rec: changed(this.wrec, this.stimulus.w_rec),
      final_w_out: changed(this.wout, this.stimulus.w_out),
    };
  }

  /** Of the indices that there are: u and the traces of recurrent neurons, and of the inputs where they are more. */
  state(): ReckonState {
    return {
      u: this.u.slice(0, this.NN),
      trace_inp: this.ti.slice(0, this.NN),
      trace_rec: this.tr.slice(0, this.NN),
      trace_out: this.to.slice(0, this.NN),
    };
  }

  // 2.2
  sample(sample: ReckonSample, afterStep: (tick: number) => void): ReckonSampleExpected {
    const { inputs, target_from, train, label } = sample;
    const T = inputs.length;
    const { do_eprop } = this.stimulus.config;
    const zeros = () => Array.from({ length: 2 * this.P }, () => 0);
    this.u = zeros();
    this.ti = zeros();
    this.tr = zeros();
    this.to = zeros();
    this.o = Array.from({ length: this.NO }, () => 0);
    this.z = zeros().map(() => false);
    this.winnerCounts = Array.from({ length: this.NO }, () => 0);
    const result: ReckonSampleExpected = {
      spikes: [],
      out: [],
      cycles: [],
      sram: [],
      winner: 0,
      winner_counts: [],
    };
    for (let k = 0; k < T; k++) {
      this.sram = [0, 0, 0, 0, 0, 0, 0, 0];
      let stepCycles = 0;
      let epropCycles = 0;
      if (k === 0) {
        result.spikes.push(null);
        result.out.push(null);
      } else {
        stepCycles = this.step();
        result.spikes.push(this.z.flatMap((isSet, j) => (isSet ? [j] : [])));
        result.out.push([...this.o]);
        afterStep(k);
        if (k >= target_from) this.countWinner();
        const learns = k < T - 1 && k >= target_from && train === 1 && do_eprop !== 0;
        if (learns) epropCycles = this.eprop(label);
      }
      if (k === T - 1 && k > 0) break;
      const { cnt, evt, supp } = this.prop(at(inputs, k));
      // 2.7
      const latency = 3 + (stepCycles > 0 ? stepCycles + 1 : 0) + epropCycles + cnt + evt + supp;
      result.cycles.push([latency, stepCycles, epropCycles, cnt, evt, supp]);
      result.sram.push(this.sram);
    }
    result.winner = firstLargest(this.winnerCounts);
    result.winner_counts = this.winnerCounts;
    return result;
  }

  countWinner(): void {
    const winner = firstLargest(this.o);
    this.winnerCounts[winner] = at(this.winnerCounts, winner) + 1;
  }

  // 2.3
  prop(inputs: readonly number[]): { cnt: number; evt: number; supp: number } {
    const c = this.stimulus.config;
    const { NR, NN, NO, u, o } = this;
    const active = new Set(inputs);
    const setsTrace = (bit: number) => c.force_traces === 1 || hasBit(c.do_eprop, bit);
    const evenNR = 2 * Math.ceil(NR / 2);
    let evt = 0;
    let supp = 0;
    for (let i = 0; i < NN; i++) {
      const isInput = active.has(i);
      const isSpike = at(this.z, i);
      if (!isInput && !isSpike) continue;
      if (isSpike) {
        for (let k = 0; k < NO; k++) {
          o[k] = sat16(at(o, k) + at(at(this.wout, i), k) * 2 ** c.fp_loc_wout);
        }
      }
      for (let j = 0; j < evenNR; j++) {
        const a = isInput ? at(at(this.winp, i), j) * 2 ** c.fp_loc_winp : 0;
        const b = isSpike ? at(at(this.wrec, i), j) * 2 ** c.fp_loc_wrec : 0;
        u[j] = sat16(at(u, j) + sat16(a + b));
      }
      if (isInput && setsTrace(0)) this.ti[i] = Math.min(4095, at(this.ti, i) + 8 * 2 ** c.fp_loc_tinp);
      if (isSpike && setsTrace(1)) this.tr[i] = Math.min(4095, at(this.tr, i) + 8 * 2 ** c.fp_loc_trec);
      if (isSpike && setsTrace(2)) this.to[i] = Math.min(1023, at(this.to, i) + 2 * 2 ** c.fp_loc_tout);
      this.z[i] = false;

      // 2.7 and 2.8. The trace of an input beyond the pass is one more read and write: the text gives its two cycles.
      evt += evenNR;
      const words = Math.ceil(NR / groupSize);
      this.count({ neuronReads: evenNR / 2, neuronWrites: evenNR / 2 });
      if (isInput) this.count({ winpReads: words });
      if (isSpike) this.count({ wrecReads: words, woutReads: 1 });
      if (isInput && i >= NR && hasBit(c.do_eprop, 0)) {
        supp += 2;
        this.count({ neuronReads: 1, neuronWrites: 1 });
      }
    }
    return { cnt: NN, evt, supp };
  }

  // 2.4
  /** @returns its cycles */
  step(): number {
    const c = this.stimulus.config;
    const { alpha, thr } = this.stimulus;
    const rounds = c.en_stoch_round === 1;
    for (let p = 0; p < this.P; p++) {
      const a = at(alpha, p);
      const threshold = at(thr, p);
      for (const parity of [0, 1]) {
        const j = 2 * p + parity;
        const u = at(this.u, j);
        const m = u * a;
        let q = Math.floor(m / 2 ** 15);
        if (
          rounds &&
          a !== 0x8000 &&
          low(m, 15) >= at(this.randomU, parity).word(0, 15) &&
          low(q, 16) !== 0
        ) {
          q += 1;
        }
        q = s16(q);
        const spikes = u >= threshold;
        this.z[j] = spikes;
        if (spikes) q = c.rst_mode === 1 ? 0 : s16(q - threshold);
        this.u[j] = q;

        for (const [traces, random] of [
          [this.ti, this.randomTi],
          [this.tr, this.randomTr],
        ] as const) {
          const product = at(traces, j) * a;
          let t = low(Math.floor(product / 2 ** 15), 12);
          if (rounds && a !== 0x8000 && low(product, 15) >= at(random, parity).word(0, 15) && t !== 0) t += 1;
          traces[j] = t;
        }

        const product = at(this.to, j) * c.kappa;
        let t = low(Math.floor(product / 2 ** 7), 10);
        if (
          rounds &&
          c.kappa !== 0x80 &&
          low(product, 7) >= at(this.randomTo, parity).word(0, 7) &&
          t !== 0
        ) {
          t += 1;
        }
        this.to[j] = t;
      }
      if (rounds) {
        if (a !== 0x8000) for (const generator of this.randomU) generator.advance();
        for (const generator of [...this.randomTi, ...this.randomTr, ...this.randomTo]) generator.advance();
      }
    }

    // The outputs, in the first 16 cycles.
    const cycles = Math.max(this.NR, this.NI, this.NO);
    for (let k = 0; k < Math.min(16, cycles); k++) {
      if (k < this.NO) {
        const m = at(this.o, k) * c.kappa;
        let q = Math.floor(m / 2 ** 7);
        if (rounds && c.kappa !== 0x80 && low(m, 7) >= this.randomO.word(0, 7) && low(q, 16) !== 0) q += 1;
        this.o[k] = s16(q);
      }
      if (rounds) this.randomO.advance();
    }
    this.count({ neuronReads: this.P, neuronWrites: this.P });
    return cycles;
  }

  // 2.5
  /** @returns its cycles */
  eprop(label: number): number {
    const { do_eprop } = this.stimulus.config;
    const { NR, NN } = this;
    const groups = Math.ceil(NR / groupSize);
    const e = this.errors(label);
    const isOutputOnly = do_eprop === 4;
    for (let g = 0; g < groups; g++) {
      const { L, h, gReg } = this.phaseA(g, e);
      // 2.8: one neuron read for each pair of posts below NN. With do_eprop = 4 there are 2 NR cycles, so NR posts.
      const end = Math.min(groupSize * (g + 1), isOutputOnly ? NR : NN);
      this.count({ neuronReads: Math.ceil(Math.max(0, end - groupSize * g) / 2) });
      if (isOutputOnly) continue;
      this.phaseB(g, L, h, gReg);
      this.count({ neuronReads: NN / 2 });
    }
    // 2.7
    return isOutputOnly ? 2 * NR : groups * (32 + 2 * NN);
  }

  /** The error of each output. */
  errors(label: number): number[] {
    return this.o.map((o, k) => {
      let y: number;
      if (this.stimulus.config.no_out_act === 1) y = o;
      else if (o > 2047) y = 2048;
      else if (o < -2048) y = 0;
      else y = (o + 2048) >> 1;
      return sat16((k === label ? 2048 : 0) - y);
    });
  }

  phaseA(g: number, e: readonly number[]): { L: number[]; h: number[]; gReg: number[] } {
    const c = this.stimulus.config;
    const { NR, NN, NO } = this;
    const L: number[] = [];
    const h: number[] = [];
    const gReg: number[] = [];
    for (let post = groupSize * g; post < groupSize * (g + 1); post++) {
      const isThere = post < NR;
      let sum = 0;
      if (isThere && (hasBit(c.do_eprop, 0) || hasBit(c.do_eprop, 1))) {
        for (let k = 0; k < NO; k++) sum += at(e, k) * at(at(this.wout, post), k);
      }
      L.push(sat16(Math.floor((sum * 2 ** c.learn_sig_scale) / 2 ** 12)));

      // Beyond the last pair no neuron's word is read: what was read last is seen again.
      const read = post < NN ? post : ((NN - 1) & ~1) | (post & 1);
      const u = at(this.u, read);
      if (u < signed16(c.thr_h_0)) h.push(c.h_0);
      else if (u < signed16(c.thr_h_1)) h.push(c.h_1);
      else if (u < signed16(c.thr_h_2)) h.push(c.h_2);
      else if (u < signed16(c.thr_h_3)) h.push(c.h_3);
      else h.push(c.h_4);
      const rate = at(this.tr, read) >> c.fp_loc_trec;
      gReg.push(c.regul_mode !== 0 ? Math.max(0, rate - c.regul_f0) : 0);

      if (isThere) this.count({ woutReads: 1 });
      const trace = isThere ? at(this.to, post) >> c.fp_loc_tout : 0;
      if (!hasBit(c.do_eprop, 2) || !isThere || trace === 0) continue;
      const row = at(this.wout, post);
      for (let k = 0; k < NO; k++) {
        const random = this.randomOut.word(28 * k, 28);
        const change = stochasticUpdate(at(e, k) * trace, 28, c.lr_p_wout, c.lr_r_wout, random);
        row[k] = clampWeight(at(row, k) + change);
      }
      this.randomOut.advance();
      this.count({ woutWrites: 1 });
    }
    return { L, h, gReg };
  }

  phaseB(g: number, L: readonly number[], h: readonly number[], gReg: readonly number[]): void {
    const c = this.stimulus.config;
    for (let pre = 0; pre < this.NN; pre++) {
      if (pre < this.NI) this.learn(this.inputMatrix, g, pre, at(this.ti, pre) >> c.fp_loc_tinp, L, h, gReg);
      if (pre < this.NR) {
        this.learn(this.recurrentMatrix, g, pre, at(this.tr, pre) >> c.fp_loc_trec, L, h, gReg);
      }
    }
  }

  /** The word of 16 weights of one pre and a group of posts. */
  learn(
    matrix: Matrix,
    g: number,
    pre: number,
    t: number,
    L: readonly number[],
    h: readonly number[],
    gReg: readonly number[],
  ): void {
    const { regul_mode, regul_w, regul_k_mul } = this.stimulus.config;
    if (!matrix.isLearned) return;
    this.sram[matrix.reads] = at(this.sram, matrix.reads) + 1;
    if (t === 0 && gReg.every((value) => value === 0)) return;
    const row = at(matrix.weights, pre);
    for (let n = 0; n < groupSize; n++) {
      if (at(h, n) === 0 && !(regul_mode !== 0 && matrix.isRegularised)) continue;
      const p = at(h, n) !== 0 ? wrap32(at(L, n) * t * at(h, n)) : 0;
      const isAdded = hasBit(regul_mode, 1) && matrix.isRegularised;
      const add = isAdded ? Math.floor(((at(gReg, n) * 2 ** matrix.kP) % 2 ** 32) / 2 ** matrix.kR) : 0;
      const isMultiplied = hasBit(regul_mode, 0) && regul_w !== 0;
      const mul = isMultiplied ? Math.max(0, 16 - (at(gReg, n) >> regul_k_mul)) : 16;
      const kk = p < 0 ? p * 16 : p * mul;
      const s = wrap32(Math.floor(kk / 16) - add);
      const bit31 = Math.floor(kk / 2 ** 31) % 2 !== 0;
      const prob = s >= 0 && bit31 ? -(2 ** 31) : s;
      const change = stochasticUpdate(prob, 32, matrix.lrP, matrix.lrR, matrix.random.word(32 * n, 32));
      if (change === 0) continue;
      const post = groupSize * g + n;
      row[post] = matrix.isRecurrent && pre === post ? 0 : clampWeight(at(row, post) + change);
    }
    matrix.random.advance();
    this.sram[matrix.reads + 1] = at(this.sram, matrix.reads + 1) + 1;
  }

  /** Adds to the SRAM counts of this tick. */
  count(amounts: Partial<Record<(typeof sramCounts)[number], number>>): void {
    for (const [index, name] of sramCounts.entries()) {
      this.sram[index] = at(this.sram, index) + (amounts[name] ?? 0);
    }
  }
}

// 2.8
const sramCounts = [
  'neuronReads',
  'neuronWrites',
  'winpReads',
  'winpWrites',
  'wrecReads',
  'wrecWrites',
  'woutReads',
  'woutWrites',
] as const;

/** Final weights; null where none has changed. */
function changed(final: number[][], initial: readonly (readonly number[])[]): number[][] | null {
  const isSame = final.every((row, pre) =>
    row.every((weight, post) => weight === at(at(initial, pre), post)),
  );
  return isSame ? null : final;
}
