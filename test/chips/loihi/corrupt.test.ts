import { expect, test } from 'vitest';
import { Dice } from '../../engine/random/dice.ts';
import { changesToTry, fateOf } from '../../golden/corruptions.ts';
import { plainLif, plainNet } from '../../golden/plain/loihi.ts';
import type { Lif, Net } from '../../golden/plain/loihi-format.ts';
import { randomLoihiLif, randomLoihiNet } from '../../golden/stimulus.ts';
import { firstDifference } from '../../support/difference.ts';
import { inThorough } from '../../support/thorough.ts';

/** What describes a recording, and is neither stimulus nor result. */
const about = /^(name|sources(\..*)?|config\.class|runs\.drawn\.expected\.from)$/;

/** A recording that states less of the other models, or of weights, is as true. */
const less =
  /^(without (brian2loihi|lava) of runs\.drawn\.other|.* of (weight_cases\.rows|other\.\w+\.(identical|not_run|different)))$/;

/** Whether a recording is still true of the models, which share no code with what replays it. */
function isTrue(corrupted: unknown): boolean {
  const trace = corrupted as Lif | Net;
  if (trace.kind === 'lif') return firstDifference(trace.expected, plainLif(trace, 'text')) === undefined;
  return Object.values(trace.runs).every((run) => {
    const { from: _, ...expected } = run.expected;
    return firstDifference(expected, plainNet(run, 'text')) === undefined;
  });
}

test.each([
  ['compartments', randomLoihiLif(10)],
  ['a network', randomLoihiNet(10)],
])(
  'no change of a recording passes but such as have no effect: %s',
  (_, trace) => {
    expect(fateOf(trace, trace.format)).toBe('agrees');
    const fates = { refused: 0, diverges: 0, agrees: 0 };
    const unnoticed: string[] = [];
    for (const { pattern, what, corrupted } of changesToTry(trace, new Dice(7), 1)) {
      if (about.test(pattern)) continue;
      const found = fateOf(corrupted, trace.format);
      fates[found] += 1;
      const isResult = /expected|other|weight_cases/.test(pattern);
      if (found === 'agrees' && !less.test(what) && (isResult || !isTrue(corrupted))) unnoticed.push(what);
    }
    expect(unnoticed).toEqual([]);
    expect(fates.refused).toBeGreaterThan(inThorough(40, 13));
    expect(fates.diverges).toBeGreaterThan(inThorough(15, 5));
  },
  120_000,
);
