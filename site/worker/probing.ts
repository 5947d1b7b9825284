/** What is asked of a design while it learns, and where nothing can be. */
import { chips, findHost } from '../../src/chips/index.ts';
import type { Dataset } from '../../src/data/index.ts';
import type { Cell } from '../../src/experiment/index.ts';
import type { Image } from '../../src/image/index.ts';

/** Most test samples for each point of the curve, and their steps in all; fewer samples would say nothing. */
const mostProbed = 200;
const probedSteps = 20_000;
const fewestProbed = 50;

/** Test samples that are asked for each point of the curve. */
export function probed(image: Image, { test }: Dataset): number {
  const count = Math.min(mostProbed, test.count, Math.floor(probedSteps / image.steps));
  return count < fewestProbed || test.classes === 0 ? 0 : count;
}

/** Where the next point of the curve is: close together at first, where it is steep. */
export function nextPoint(position: number): number {
  if (position < 1000) return position + 100;
  return position + (position < 5000 ? 500 : 1000);
}

/** More bits than these are not held twice: a chip of many cores fills the memory of the browser. */
const mostWatchedBits = 2 ** 27;

/** The host of some chips makes its cores itself, and nothing of a single one is recorded. */
export function canWatch({ chip, image }: Cell): boolean {
  const bits = image.banks.reduce((sum, { usedWords, wordBits }) => sum + usedWords * wordBits, 0);
  const isMachine = chip === undefined || findHost(chips, chip).makesCores !== true;
  return isMachine && bits <= mostWatchedBits;
}
