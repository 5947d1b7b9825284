/*
 * The synapse between an inner hair cell and the auditory nerve, as pools of transmitter: R. Meddis, J. Acoust. Soc.
 * Am. 79, 702 (1986) and 83, 1056 (1988), with the parameters of R. Meddis et al., J. Acoust. Soc. Am. 87, 1813 (1990),
 * Table II, which B. Cramer et al. (IEEE TNNLS 33, 2744, 2022) take over. Rates are in 1/s.
 */
const replenishing = 5.05;
const release = 2000;
const loss = 2500;
const recovery = 6580;
const reprocessing = 66.3;
/** Of the permeability, in units of the velocity. */
const [offset, halfway] = [5, 300];
/** From transmitter in the cleft to the rate of the nerve. */
const firing = 50_000;
/** The most transmitter in the free pool. */
const most = 1;

/** A hair cell at a place of the membrane; at first at rest, in silence. */
export class HairCell {
  readonly #dt: number;
  #free = 0;
  #cleft = 0;
  #store = 0;

  constructor(sampleRate: number) {
    this.#dt = 1 / sampleRate;
    const atRest = (release * offset) / (offset + halfway);
    this.#cleft = (most * replenishing * atRest) / (loss * atRest + replenishing * (loss + recovery));
    this.#free = (this.#cleft * (loss + recovery)) / atRest;
    this.#store = (this.#cleft * recovery) / reprocessing;
  }

  /**
   * The probability that a fibre of the nerve fires, in each sample of a velocity.
   *
   * @param probability as long as the velocity; filled
   */
  follow(velocity: Float64Array, probability: Float64Array): void {
    const dt = this.#dt;
    let [free, cleft, store] = [this.#free, this.#cleft, this.#store];
    for (let time = 0; time < velocity.length; time++) {
      const push = (velocity[time] as number) + offset;
      const ejected = push > 0 ? ((release * dt * push) / (push + halfway)) * free : 0;
      const replenished = free < most ? replenishing * dt * (most - free) : 0;
      const reprocessed = reprocessing * dt * store;
      const recovered = recovery * dt * cleft;
      free = Math.max(0, free + replenished - ejected + reprocessed);
      cleft = Math.max(0, cleft + ejected - (loss + recovery) * dt * cleft);
      store = Math.max(0, store + recovered - reprocessed);
      probability[time] = firing * dt * cleft;
    }
    [this.#free, this.#cleft, this.#store] = [free, cleft, store];
  }
}
