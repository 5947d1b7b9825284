/** A thread that lets the synthesiser speak and the cochlea hear it. It is started by the name of its file. */

import { PlasticoreError } from '../../src/text/index.ts';
import { Cochlea } from './cochlea.ts';
import { speak } from './espeak.ts';
import type { Utterance } from './spoken-twenty.ts';

/** Samples of a word at most: three quarters of a second at the rate of the synthesiser. */
const longest = 2 ** 14;

/** What was heard of an utterance, times in seconds; a fault as its parts, since classes do not pass between threads. */
export type HeardUtterance =
  | { readonly times: Float32Array; readonly units: Uint16Array }
  | { readonly fault: PlasticoreError['parts'] };

const cochleas = new Map<number, Cochlea>();

export default function hearOne(utterance: Utterance): HeardUtterance {
  try {
    const { samples, sampleRate } = speak(utterance);
    if (samples.length > longest)
      throw new PlasticoreError(
        'system',
        `the synthesiser says '${utterance.text}' in ${samples.length} samples; at most ${longest} expected`,
      );
    const cochlea = cochleas.get(sampleRate) ?? new Cochlea(sampleRate, longest);
    cochleas.set(sampleRate, cochlea);
    const { times, units } = cochlea.hear(samples, utterance.seed);
    return { times: Float32Array.from(times, (time) => roundToHalf(time / sampleRate)), units };
  } catch (error) {
    if (error instanceof PlasticoreError) return { fault: error.parts };
    throw error;
  }
}

/** The nearest number of 16 bits (IEEE 754), ties to even: the precision of SHD. For values from 0 below 65 520. */
export function roundToHalf(value: number): number {
  // The unit in the last place; below 2^-14 it stays the same.
  const unit = 2 ** (Math.max(-14, Math.floor(Math.log2(value))) - 10);
  const floor = Math.floor(value / unit);
  const rest = value / unit - floor;
  return (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor) * unit;
}
