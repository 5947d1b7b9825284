/** A thread that lets the synthesiser speak and the cochlea hear it. It is started by the name of its file. */

import { PlasticoreError } from '../../text/index.ts';
import { toFloat16 } from '../formats/float16.ts';
import { Cochlea } from './cochlea.ts';
import { speak } from './node-espeak.ts';
import type { Utterance } from './spoken-twenty.ts';

/** Samples of a word at most: three quarters of a second at the rate of the synthesiser. */
const longest = 2 ** 14;

/** What was heard of an utterance; a fault as its parts, since classes do not pass between threads. */
export type HeardUtterance =
  | { readonly times: Uint16Array; readonly units: Uint16Array }
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
    return { times: times.map((time) => toFloat16(time / sampleRate)), units };
  } catch (error) {
    if (error instanceof PlasticoreError) return { fault: error.parts };
    throw error;
  }
}
