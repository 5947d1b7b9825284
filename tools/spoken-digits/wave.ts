import type { NamedBytes } from '../../src/data/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';

/**
 * Reads sound of one channel, 16 bits a sample, from a WAVE file: "Multimedia Programming Interface and Data
 * Specifications 1.0" (IBM and Microsoft, 1991). A size that is larger than the file, as programs write that do not
 * know it yet, means all of the rest.
 *
 * @throws PlasticoreError `data` for anything else
 */
export function readWave({ name, bytes }: NamedBytes): {
  /** -1 to 1. */
  readonly samples: Float64Array;
  readonly sampleRate: number;
} {
  const fail = (message: string): PlasticoreError => new PlasticoreError('data', message, { file: name });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (start: number): string => String.fromCharCode(...bytes.subarray(start, start + 4));
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw fail('this is not a WAVE file');
  let sampleRate: number | undefined;
  for (let start = 12; start + 8 <= bytes.length; ) {
    const size = Math.min(view.getUint32(start + 4, true), bytes.length - start - 8);
    const body = start + 8;
    if (tag(start) === 'fmt ' && size >= 16) {
      const [coding, channels, bits] = [0, 2, 14].map((offset) => view.getUint16(body + offset, true));
      if (coding !== 1 || channels !== 1 || bits !== 16)
        throw fail(
          `coding ${coding}, ${channels} channels, ${bits} bits found; 1, 1 channel, 16 bits expected`,
        );
      sampleRate = view.getUint32(body + 4, true);
    }
    if (tag(start) === 'data' && sampleRate !== undefined) {
      const samples = Float64Array.from(
        { length: Math.floor(size / 2) },
        (_, index) => view.getInt16(body + 2 * index, true) / 2 ** 15,
      );
      return { samples, sampleRate };
    }
    start = body + size + (size % 2);
  }
  throw fail('a WAVE file without sound');
}
