import type { ProgramView } from '../image/index.ts';
import { at, PlasticoreError } from '../text/index.ts';
import { kernelRecord } from './kernels.ts';
import { type MicrocodeSchedule, scheduleMicrocode } from './schedule.ts';
import { Tables } from './tables.ts';
import type { MicrocodeUnit } from './unit.ts';

/** A program as a programmable core holds it: what is loaded into its memories. */
export interface Microcode {
  readonly words: readonly bigint[];
  readonly kernels: readonly bigint[];
  readonly accesses: readonly bigint[];
  /** Numbers that all lanes share; those that the host, an event or its spike brings are 0. */
  readonly scalars: readonly number[];
  /** The places of those among the scalars: of `label` and `step`, and of the spike's value. */
  readonly given: readonly { readonly name: 'label' | 'step' | 'value'; readonly scalar: number }[];
  readonly schedules: readonly MicrocodeSchedule[];
}

/**
 * The microcode of a program in an interval of its schedule of parameters. Others differ in words and scalars alone.
 *
 * @throws PlasticoreError `fit` with what the core lacks: by kernel and line, or by need and offer
 */
export function microcodeOf(image: ProgramView, unit: MicrocodeUnit, interval = 0): Microcode {
  const tables = new Tables(image, interval);
  const schedules = image.kernels.map((kernel) => scheduleMicrocode(kernel, image, unit));
  const words: bigint[] = [];
  const kernels = image.kernels.map((kernel, index) => {
    const schedule = at(schedules, index);
    const base = words.length;
    words.push(...tables.words(kernel, schedule));
    return kernelRecord(tables, kernel, schedule, base);
  });
  const { accesses, scalars } = tables;
  const needs = {
    words: words.length,
    kernels: kernels.length,
    accesses: accesses.length,
    scalars: scalars.length,
  };
  for (const name of ['words', 'kernels', 'accesses', 'scalars'] as const)
    if (needs[name] > unit[name])
      throw new PlasticoreError('fit', `microcode ${name}: ${needs[name]} needed, ${unit[name]} available`);
  return { words, kernels, accesses, scalars, given: tables.given, schedules };
}
