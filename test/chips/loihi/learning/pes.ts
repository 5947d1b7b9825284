import { type Program, program } from 'plasticore/chips';
import { fixedFactor, kernelText, largestTrace, traceField, unsigned } from './text.ts';

/** Synapses that learn an error, as in NengoLoihi. */
export interface PesLearning {
  readonly pre: number;
  readonly post: number;
  /** The share of a trace that is left after an epoch, below 1. */
  readonly decay: number;
  /** The number that an epoch with a spike adds to a trace, below 128, in units of 2^-22. */
  readonly impulse: number;
  /** Bits of a weight, 1 to 8; weights are mixed. */
  readonly bits: number;
  readonly rate: { readonly mantissa: number; readonly exponent: number };
}

/** Bits behind the point of traces while they decay: with an impulse, a trace has up to 9 before it. */
export const pesFractionBits = 22;

/** Bits of the random numbers that round weights, at least as many as a weight drops. */
export const pesWeightDrawBits = 16;

/** Bits that NengoLoihi drops of a product: 7 of the trace, 7 of the error, 3 of the rate, less 15. */
const overflowBits = 2;

/**
 * The prescribed error sensitivity rule on Loihi as NengoLoihi models it, as a program: a weight moves with the trace
 * of its axon and the error of its compartment. Its events:
 *
 * - `preSpike`, of axon `ev.neuron`;
 * - `trace`, at the end of an epoch of traces; the host writes random numbers into `pre.draw`;
 * - `learn`, with errors in `post.error` and random numbers in `synapses.draw`.
 */
export function pesProgram({ pre, post, decay, impulse, bits, rate }: PesLearning): Program {
  const [trace, change] = [pesFractionBits, 7 + rate.exponent - overflowBits];
  /** Mixed weights have a bit less, which the sign takes. */
  const lost = 8 - bits + 1;
  const dropped = 7 + lost;
  return program({ name: 'loihi-learning', description: 'PES on Loihi as NengoLoihi models it', steps: 1 })
    .population('pre', {
      size: pre,
      fields: { x1: traceField, spiked: { kind: 'flag' }, draw: unsigned(trace) },
    })
    .population('post', { size: post, fields: { error: { kind: 'integer', bits: 8 } } })
    .projection('synapses', {
      from: 'pre',
      to: 'post',
      weights: 'none',
      fields: { w: { kind: 'integer', bits: 9 }, draw: unsigned(pesWeightDrawBits) },
    })
    .microcode('learning', {
      text: [
        kernelText('preSpike', 'neuron', ['ldi r0, 1', 'st r0, self.spiked']),
        kernelText('decay', 'neurons', [
          'ld r0, self.x1',
          `mul r0, r0, ${Math.ceil(fixedFactor(decay) / 4)}`,
          'ld r1, self.spiked',
          `sel r1, r1, ${Math.round(impulse * 2 ** trace)}, 0`,
          'add r0, r0, r1',
          `and r1, r0, ${2 ** trace - 1}`,
          'ld r2, self.draw',
          'cmp.gt r1, r1, r2',
          'sel r1, r1, 1, 0',
          `sra r0, r0, ${trace}`,
          'add r0, r0, r1',
          `min r0, r0, ${largestTrace}`,
          'st r0, self.x1',
        ]),
        kernelText('learn', 'synapses', [
          'ld r0, pre.x1',
          'ld r1, post.error',
          'mul r0, r0, r1',
          `mul r0, r0, ${rate.mantissa}`,
          change < 0 ? `sra r0, r0, ${-change}` : `shl r0, r0, ${change}`,
          'ld r1, syn.w',
          'shl r1, r1, 7',
          'add r0, r0, r1',
          'abs r1, r0',
          `and r2, r1, ${2 ** dropped - 1}`,
          `shl r2, r2, ${pesWeightDrawBits - dropped}`,
          'ld r3, syn.draw',
          'cmp.gt r2, r2, r3',
          'sel r2, r2, 1, 0',
          `sra r1, r1, ${dropped}`,
          'add r1, r1, r2',
          `min r1, r1, ${2 ** (8 - lost) - 1}`,
          `shl r1, r1, ${lost}`,
          'cmp.lt r2, r0, 0',
          'neg r0, r1',
          'sel r1, r2, r0, r1',
          'st r1, syn.w',
        ]),
      ].join('\n'),
    })
    .on('preSpike', { run: 'preSpike', over: 'pre' })
    .on('trace', { run: 'decay', over: 'pre' }, { clear: ['pre.spiked'] })
    .on('learn', { run: 'learn', over: 'synapses' })
    .create();
}
