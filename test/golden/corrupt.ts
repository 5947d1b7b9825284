import { pathToFileURL } from 'node:url';
import { Dice } from '../engine/random/dice.ts';
import { firstDifference } from '../support/difference.ts';
import { type GoldenName, goldenNames, goldenText } from '../support/golden.ts';
import { corruptions, fateOf } from './corruptions.ts';
import { plainOdin } from './plain/odin.ts';
import { odinStimulus, odinTrace } from './plain/odin-trace.ts';
import { plainRanc, type RancTrace } from './plain/ranc.ts';
import { plainReckon } from './plain/reckon.ts';
import { reckonStimulus, reckonTrace } from './plain/reckon-trace.ts';
import type { RecordedTrace } from './plain/recorded-trace.ts';

type Trace = RancTrace | RecordedTrace;

/** Keys that describe a recording, and are neither stimulus nor result. */
const about = new Set(['name', 'description', 'generator_seed', 'seed']);

/** A trace that states fewer of these says less, and is as true; the order of banks means nothing. */
const asTrue =
  /^(?:without (?:hops of expected|(?:states|contents|banks) of expected|entry 0 of expected\.states|(?:cycles|banks) of expected\.inputs\.\d+|\S+ of expected\.(?:states|contents)\.\d+|entry \d+ of expected(?:\.inputs\.\d+)?\.banks)|entries .* exchanged of expected(?:\.inputs\.\d+)?\.banks)$/;
/** A list of states may state the first numbers alone. */
const ofState = /^(?:without )?entry (\d+)(?: twice)? of expected\.states\.0\.([\w.]+)$/;

export interface Judgement {
  readonly refused: number;
  readonly diverging: number;
  /** Changes that the plain model says have no effect, by kind of path. */
  readonly withoutEffect: ReadonlyMap<string, number>;
  /** Changes that pass as identical and must not. */
  readonly unnoticed: readonly string[];
}

/**
 * Corrupts a trace in many ways, and says what becomes of each.
 *
 * @param skip kinds of path that are left alone
 */
export function judge(
  trace: Trace,
  dice: Dice,
  perPattern: number,
  skip: RegExp = /^$/,
): Judgement {
  const fates = { refused: 0, diverges: 0, agrees: 0 };
  const withoutEffect = new Map<string, number>();
  const unnoticed: string[] = [];
  for (const { pattern, what, corrupted } of corruptions(trace, dice, perPattern)) {
    if (about.has(pattern) || (pattern !== '' && skip.test(pattern))) continue;
    const fate = fateOf(corrupted, trace.format);
    fates[fate] += 1;
    if (fate !== 'agrees') continue;
    if (isWithoutEffect(corrupted, trace, pattern, what))
      withoutEffect.set(pattern, (withoutEffect.get(pattern) ?? 0) + 1);
    else unnoticed.push(what);
  }
  return { refused: fates.refused, diverging: fates.diverges, withoutEffect, unnoticed };
}

/** Whether a stimulus that was changed leads to the same results, by a model that shares no code with `src`. */
function isWithoutEffect(corrupted: unknown, trace: Trace, pattern: string, what: string): boolean {
  if (!pattern.startsWith('expected')) return firstDifference(trace.expected, plainly(corrupted)) === undefined;
  if (asTrue.test(what)) return true;
  const [, entry, state = ''] = ofState.exec(what) ?? [];
  if (entry === undefined || trace.format === 'ranc-golden/1') return false;
  const values = trace.expected.states?.[0]?.[state] ?? [];
  // Where an item and all behind it are alike, one more or less changes none of them.
  return values.slice(Number(entry)).every((value) => value === values.at(-1));
}

/** What a stimulus leads to by the plain model of its chip. */
function plainly(stimulus: unknown): unknown {
  const trace = stimulus as Trace;
  if (trace.format === 'ranc-golden/1') return rancStated(trace);
  if (trace.hwModel === 'odin') {
    const given = odinStimulus(trace);
    return odinTrace({ ...given, expected: plainOdin(given) }).expected;
  }
  const given = reckonStimulus(trace);
  return reckonTrace({ ...given, expected: plainReckon(given) }).expected;
}

/**
 * What RANC does, as far as the trace states it; with a stream, the packets that it makes must be those that are
 * stated.
 */
function rancStated(trace: RancTrace): unknown {
  const { packets, hops, ...found } = plainRanc(trace);
  if (firstDifference(trace.stimulus.packets, packets) !== undefined) return 'other packets';
  return JSON.parse(JSON.stringify(trace.expected.hops === undefined ? found : { ...found, hops }));
}

// npx tsx test/golden/corrupt.ts [PER KIND OF PATH] [SEED] [TRACE ...]: corrupts the golden traces.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [perPattern = '3', seed = '1', ...wanted] = process.argv.slice(2);
  const names: readonly GoldenName[] = [...goldenNames.odin, ...goldenNames.reckon, ...goldenNames.ranc];
  for (const name of names.filter((candidate) => wanted.length === 0 || wanted.includes(candidate))) {
    const trace = JSON.parse(goldenText(name)) as Trace;
    const { refused, diverging, withoutEffect, unnoticed } = judge(
      trace,
      new Dice(Number(seed)),
      Number(perPattern),
    );
    const idle = [...withoutEffect].map(([pattern, count]) => `${pattern} (${count})`);
    console.log(`${name}: ${refused} refused, ${diverging} diverge, without effect: ${idle.join(', ')}`);
    for (const what of unnoticed) console.log(`  UNNOTICED ${what}`);
    if (unnoticed.length > 0) process.exitCode = 1;
  }
}
