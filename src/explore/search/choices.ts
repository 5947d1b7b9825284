import { drawNormal, hash32, streams } from '../../random/index.ts';
import type { Costs } from '../../report/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import type { Choice, Space } from '../space/index.ts';

/**
 * A search asks for a few designs at a time, and learns what they are worth before it asks for more. Its requests
 * depend on the plan and these answers alone, so a search that was killed repeats them.
 */
export type Search = Generator<DesignRequest, void, readonly Answer[]>;

/** What a search learns of a design: neither, if it has no figures. */
export interface Answer {
  /** If it meets all constraints. */
  readonly costs?: Costs | undefined;
  /** By how much it misses them, if it does. */
  readonly violation?: number | undefined;
}

/** Designs that a search asks for, and the share of the samples that their runs take. */
export interface DesignRequest {
  readonly choices: readonly Choice[];
  readonly share: number;
  /** Default: their runs have the first seed. */
  readonly seeds?: 'all';
}

/** The most combinations of values that a grid has. */
const largestGrid = 200_000;

/** All choices that meet the conditions, in order. */
export function allChoices(space: Space): Choice[] {
  const { combinations } = space;
  if (combinations > largestGrid)
    throw new PlasticoreError(
      'usage',
      `the axes have ${combinations} combinations of values, a grid takes ${largestGrid} at most`,
      {
        file: option('search', 'grid'),
        hint: `search at random, or let designs evolve: ${option('search', 'evolve')}, ${option('budget', 500)}`,
      },
    );
  return Array.from({ length: combinations }, (_, position) => space.choiceAt(position)).filter((choice) =>
    space.allows(choice),
  );
}

/** The first choice that meets the conditions; undefined if none of the first ones does. */
export function firstChoice(space: Space): Choice | undefined {
  const most = Math.min(space.combinations, largestGrid);
  for (let position = 0; position < most; position++) {
    const choice = space.choiceAt(position);
    if (space.allows(choice)) return choice;
  }
  return undefined;
}

/** How many choices meet the conditions; undefined for more combinations than a grid has. */
export function countChoices(space: Space): number | undefined {
  return space.combinations > largestGrid ? undefined : allChoices(space).length;
}

/** The choices that a search has asked for, none of them twice. */
export class SeenChoices {
  readonly #space: Space;
  readonly #keys = new Set<string>();
  /** Of a small space, the choices that are left. */
  #left: Choice[] | undefined;

  constructor(space: Space) {
    this.#space = space;
    if (space.combinations > largestGrid) return;
    this.#left = allChoices(space);
    if (this.#left.length === 0) throw noDesign(space);
  }

  /** Whether a choice is new and meets the conditions; it counts as seen from now on. */
  add(choice: Choice): boolean {
    const key = choice.join();
    if (this.#keys.has(key) || !this.#space.allows(choice)) return false;
    this.#keys.add(key);
    return true;
  }

  /** New random choices, up to a number or until there are no more. */
  draw(count: number, dice: Dice): Choice[] {
    const drawn: Choice[] = [];
    if (this.#left !== undefined) {
      const left = this.#left.filter((choice) => !this.#keys.has(choice.join()));
      while (drawn.length < count && left.length > 0) {
        const [choice = []] = left.splice(dice.below(left.length), 1);
        this.add(choice);
        drawn.push(choice);
      }
      this.#left = left;
      return drawn;
    }
    // In a large space, a random choice is most likely new, and some meet the conditions.
    for (let tries = 0; drawn.length < count && tries < mostTries; tries++) {
      const choice = this.#space.axes.map(({ values }) => dice.below(values.length));
      if (this.add(choice)) drawn.push(choice);
    }
    if (drawn.length === 0 && this.#keys.size === 0) throw noDesign(this.#space);
    return drawn;
  }
}

/** Random choices to try before a space counts as empty. */
const mostTries = 100_000;

export function noDesign(space: Space): PlasticoreError {
  return new PlasticoreError(
    'invalid-value',
    `the conditions leave none of the ${space.combinations} combinations of values`,
    { ...space.conditionsPlace, hint: 'drop a condition, or give the axes other values' },
  );
}

/** A sequence of random numbers that depends on a seed alone. */
export class Dice {
  readonly #seed: number;
  readonly #stream: number;
  #drawn = 0;

  constructor(seed: number, stream: number = streams.search) {
    this.#seed = seed;
    this.#stream = stream;
  }

  /** Uniform in [0, 1). */
  share(): number {
    return hash32(this.#seed, this.#stream, this.#drawn++) / 2 ** 32;
  }

  /** A whole number, uniform in 0..below-1. */
  below(limit: number): number {
    return Math.floor(this.share() * limit);
  }

  /** Nearly normal, of mean 0 and standard deviation 1. */
  normal(): number {
    return drawNormal(this.#seed, this.#stream, this.#drawn++);
  }
}
