import type { CoreState } from '../../../src/engine/index.ts';
import { type CoreImage, type Field, fieldRange, Memory } from '../../../src/image/index.ts';
import { Dice } from './dice.ts';

/**
 * A random initial state: each field holds values that a store could have left, including the extremes; no word is NaN.
 */
export function randomState(image: CoreImage, seed: number): CoreState {
  const memory = new Memory(image);
  for (const field of image.fields) {
    if (field.layout === undefined || isAsCompiled(field)) continue;
    // By name, so that a program that is cut down keeps the contents of the fields that remain.
    const dice = new Dice(seed ^ hashOf(field.name));
    const access = memory.access(image, field);
    const draw = field.storage === 'float32' ? randomFloat(dice) : randomWhole(dice, field);
    const isSparse = dice.chance(0.3);
    for (let item = 0; item < field.count; item++) {
      const value = draw();
      access.write(item, isSparse && dice.chance(0.8) ? 0 : value);
    }
  }
  const dice = new Dice(seed);
  const ofLanes = Array.from({ length: image.core.lanes }, () => dice.whole(1, 2 ** 32 - 1));
  const declared = image.generators.map(({ far }) => dice.whole(1, 2 ** far - 1));
  const drawn = image.faults?.errors === 'fresh' ? [dice.whole(0, 2 ** 32 - 1)] : [];
  return { banks: memory.banks, generators: Uint32Array.from([...ofLanes, ...declared, ...drawn]) };
}

/** The index of a sparse projection, and delays of synapses: random fields have other names. */
export function isAsCompiled({ fixed, name }: Field): boolean {
  return fixed === true || name.endsWith('.delay');
}

function hashOf(name: string): number {
  return [...name].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), 7);
}

/** Values that a field holds (a flag too): its ends, small ones, any. */
function randomWhole(dice: Dice, field: Field): () => number {
  const { low, high } = fieldRange(field);
  return () => {
    const small = Math.min(high, Math.max(low, dice.whole(-3, 3)));
    return dice.pick([low, high, small, dice.whole(low, high), dice.whole(low, high)]) + 0;
  };
}

/** Floats of a size that a network has; in a few fields also huge, tiny and infinite ones. */
function randomFloat(dice: Dice): () => number {
  const isWild = dice.chance(0.12);
  return () => {
    const tame = [dice.whole(-300, 300), dice.whole(-300, 300) / 64, (dice.fraction() - 0.5) * 4, -0, 1, -1];
    const wild = [3e38, -3e38, 1e-44, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    return dice.pick(isWild && dice.chance(0.1) ? wild : tame);
  };
}
