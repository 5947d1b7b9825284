import { drawNormal, hash32, streams } from '../../random/index.ts';

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
