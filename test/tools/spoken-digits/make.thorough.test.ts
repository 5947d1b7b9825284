import { describe, expect, test } from 'vitest';
import { speak } from '../../../tools/spoken-digits/espeak.ts';
import { utterances } from '../../../tools/spoken-digits/spoken-twenty.ts';
import { needs } from '../../support/needs.ts';

describe('the synthesiser', needs('espeak-ng'), () => {
  test('says the same in any second, also in voices with breath', { timeout: 60_000 }, () => {
    const breathy = ['de+f2', 'de+f3', 'de+f5'].map((voice) => {
      const found = utterances(2).train.find(
        (utterance) => utterance.voice === voice && utterance.text === 'vier',
      );
      if (found === undefined) throw new Error(`nobody says a number as ${voice}`);
      return found;
    });
    const said = breathy.map(() => new Set<string>());
    const first = Math.floor(Date.now() / 1000);
    // Noise that the clock seeds changes from second to second.
    while (Math.floor(Date.now() / 1000) < first + 5)
      for (const [index, utterance] of breathy.entries())
        said[index]?.add(Buffer.from(speak(utterance).samples.buffer).toString('base64'));
    expect(said.map(({ size }) => size)).toEqual([1, 1, 1]);
  });
});
