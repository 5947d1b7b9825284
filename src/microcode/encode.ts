import type { MicrocodeLimits } from '../hardware/index.ts';
import type { ProgramView } from '../image/index.ts';
import { PlasticoreError } from '../text/index.ts';
import { keptSources } from './kept.ts';
import { kernelRecord } from './kernels.ts';
import { sequencerLists } from './lists.ts';
import { passKernels } from './passes.ts';
import { scheduleMicrocode } from './schedule.ts';
import { Tables } from './tables.ts';
import type { MicrocodeUnit } from './unit.ts';

/** A program as a programmable core holds it: what is loaded into its memories. */
export interface Microcode {
  readonly words: readonly bigint[];
  /** Those of the program, then those of its passes over words. */
  readonly kernels: readonly bigint[];
  readonly accesses: readonly bigint[];
  /** Numbers that all lanes share. The first ones are label, step and value of a spike, which the core writes. */
  readonly scalars: readonly number[];
  readonly entries: readonly bigint[];
  readonly conditions: readonly bigint[];
  /** Rows that are cut into segments, and their segments. */
  readonly segments: readonly bigint[];
}

/** The memories of a programmable core, in their order at the host's port: after its banks and generators. */
export const microcodeMemories = [
  'words',
  'kernels',
  'accesses',
  'scalars',
  'entries',
  'conditions',
  'segments',
] as const;

/** What is limited: the memories, and the tiles of spikes that are kept. */
const limited = [...microcodeMemories, 'kept'] as const;

/** What of each memory a program fills. */
type MicrocodeNeeds = Readonly<Record<(typeof limited)[number], number>>;

/**
 * The microcode of a program in an interval of its schedule of parameters. Others differ in words, scalars and
 * conditions alone.
 *
 * @throws PlasticoreError `fit` with what the core lacks: by kernel and line, or by need and offer
 */
export function microcodeOf(image: ProgramView, unit: MicrocodeUnit, interval = 0): Microcode {
  const microcode = encoded(image, unit, interval);
  const short = shortOf(needsOf(microcode, image), unit);
  if (short.length > 0)
    throw new PlasticoreError('fit', short.join('; '), {
      hint: 'hw.microcode of the hw-model says how much of each it holds',
    });
  return microcode;
}

/**
 * What a program needs of a core's memories, however large they are.
 *
 * @throws PlasticoreError `fit` with the kernel, and the line if it is one, that no word does or has room for
 */
export function microcodeNeeds(image: ProgramView, unit: MicrocodeUnit): MicrocodeNeeds {
  return needsOf(encoded(image, unit, 0), image);
}

/** For each memory that is too small: what it needs, and what it has. Memories without a limit are large enough. */
export function shortOf(needs: MicrocodeNeeds, limits: MicrocodeLimits): string[] {
  return limited.flatMap((name) => {
    const available = limits[name];
    if (available === undefined || needs[name] <= available) return [];
    return [`microcode ${name}: ${needs[name]} needed, ${available} available`];
  });
}

function needsOf(microcode: Microcode, image: ProgramView): MicrocodeNeeds {
  const { words, kernels, accesses, scalars, entries, conditions, segments } = microcode;
  return {
    words: words.length,
    kernels: kernels.length,
    accesses: accesses.length,
    scalars: scalars.length,
    entries: entries.length,
    conditions: conditions.length,
    segments: segments.length,
    kept: keptSources(image).tiles,
  };
}

function encoded(image: ProgramView, unit: MicrocodeUnit, interval: number): Microcode {
  if (unit.issue !== 1)
    throw new PlasticoreError(
      'fit',
      `${unit.issue} operations issue in a cycle; a word of microcode has one`,
      {
        hint: 'set hw.microcode.issue=1',
      },
    );
  const tables = new Tables(image, interval);
  const words: bigint[] = [];
  const kernels = image.kernels.map((kernel) => {
    const schedule = scheduleMicrocode(kernel, image, unit);
    const base = words.length;
    words.push(...tables.words(kernel, schedule));
    return kernelRecord(tables, kernel, schedule, base);
  });
  const { entries, conditions } = sequencerLists(image, interval, (pass) =>
    passKernels(pass, tables, unit).map((kernel) => {
      const base = words.length;
      words.push(...kernel.words);
      return kernels.push(kernel.record(base)) - 1;
    }),
  );
  const { accesses, scalars, cutRows } = tables;
  return { words, kernels, accesses, scalars, entries, conditions, segments: cutRows.records };
}
