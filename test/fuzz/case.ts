import { PlasticoreError } from '../../src/text/index.ts';
import { byteDamages, Dice, textDamages } from './damage.ts';
import type { Specimen } from './kinds.ts';

/** One damaged file. */
export interface Case {
  readonly specimen: Specimen;
  readonly bytes: Uint8Array;
}

/** A case that ended in an error other than a PlasticoreError. */
export interface Fault {
  readonly index: number;
  readonly kind: string;
  readonly stack: string;
  /** What about the file is other than it was. */
  readonly text: string;
}

/** A case by its number: each kind in turn, damaged once or up to three times. */
export function damaged(all: readonly Specimen[], seed: number, index: number): Case {
  const dice = new Dice(seed, index);
  const kinds = [...new Set(all.map(({ kind }) => kind))];
  const own = all.filter(({ kind }) => kind === kinds[index % kinds.length]);
  const specimen = own[dice.below(own.length)];
  if (specimen === undefined) throw new Error('there is no file to damage');
  let { bytes } = specimen;
  for (let times = 1 + dice.below(3); times > 0 && bytes.length > 0; times--) {
    bytes = dice.of(specimen.isText ? textDamages : byteDamages)(bytes, dice);
  }
  return { specimen, bytes };
}

export async function tryCase(
  { specimen, bytes }: Case,
  index: number,
): Promise<'taken' | 'refused' | Fault> {
  try {
    await specimen.read(bytes);
    return 'taken';
  } catch (error) {
    if (error instanceof PlasticoreError) return 'refused';
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return {
      index,
      kind: specimen.kind,
      stack: stack.split('\n').slice(0, 6).join('\n'),
      text: difference(specimen, bytes),
    };
  }
}

/** The part in which two texts differ. */
function difference({ bytes: before, isText }: Specimen, after: Uint8Array): string {
  if (!isText) return `${after.length} bytes, ${before.length} before`;
  const [a, b] = [before, after].map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const part = (text: string) =>
    JSON.stringify(text.slice(Math.max(0, start - 20), text.length - end + 20).slice(0, 160));
  return `  before: ${part(a)}\n  after:  ${part(b)}`;
}
