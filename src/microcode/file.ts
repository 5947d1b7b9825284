import type { ProgramView } from '../image/index.ts';
import { at } from '../text/index.ts';
import { type Microcode, microcodeOf } from './encode.ts';
import type { MicrocodeUnit } from './unit.ts';

/**
 * What a programmable core is loaded with, as JSON: the words of its memories in hexadecimal, in their order;
 * where the host writes label, step and the value of a spike among the scalars; and for each later interval of the
 * schedule of parameters, the words and scalars that differ from those of the first.
 *
 * @throws PlasticoreError `fit` with what the core lacks
 */
export function microcodeFile(image: ProgramView, unit: MicrocodeUnit): string {
  const first = microcodeOf(image, unit);
  const { words, kernels, accesses, scalars, given } = first;
  const file = {
    format: 'plasticore/microcode/1',
    program: image.program,
    hwModel: image.core.hwModel,
    precision: image.core.precision,
    words: words.map(hex),
    kernels: kernels.map((kernel, index) => ({ name: image.work[index], record: hex(kernel) })),
    accesses: accesses.map(hex),
    scalars,
    given,
    intervals: image.epochs.slice(1).map((fromEpoch, index) => ({
      fromEpoch,
      ...differences(first, microcodeOf(image, unit, index + 1)),
    })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function differences(first: Microcode, other: Microcode): object {
  const changed = <T>(a: readonly T[], b: readonly T[]): (readonly [number, T])[] =>
    b.flatMap((value, index) => (value === at(a, index) ? [] : [[index, value] as const]));
  return {
    words: changed(first.words, other.words).map(([index, word]) => [index, hex(word)]),
    scalars: changed(first.scalars, other.scalars),
  };
}

function hex(value: bigint): string {
  return value.toString(16);
}
