import { hash32, stepLane, streams } from '../../src/random/index.ts';
import { BasilarMembrane, transferOf } from './basilar-membrane.ts';
import { bushySpikes, type Draw } from './bushy-cell.ts';
import { HairCell } from './hair-cell.ts';

/** Places of the membrane, each with a hair cell and a bushy cell: the channels of the Spiking Heidelberg Digits. */
const places = 700;
/** To which each sound is scaled, as the root of its mean square. */
const loudness = 0.3;

/** Spikes in the order of time, then of channels: 0 is the base of the cochlea, where high frequencies are heard. */
export interface Heard {
  /** Samples of the sound. */
  readonly times: Uint16Array;
  readonly units: Uint16Array;
}

/**
 * The cochlea that made the Spiking Heidelberg Digits: a basilar membrane, hair cells and bushy cells. B. Cramer, Y.
 * Stradmann, J. Schemmel, F. Zenke, "The Heidelberg Spiking Data Sets for the Systematic Evaluation of Spiking Neural
 * Networks", IEEE TNNLS 33, 2744-2757 (2022).
 */
export class Cochlea {
  readonly #sampleRate: number;
  readonly #membrane: BasilarMembrane;

  /**
   * @param sampleRate of the sounds
   * @param longest samples of a sound at most, a power of two; at most 2^16
   */
  constructor(sampleRate: number, longest: number) {
    this.#sampleRate = sampleRate;
    this.#membrane = new BasilarMembrane(transferOf(places, sampleRate, longest));
  }

  /** Hears a sound, with a window of Hann over all of it. The nerve is random: the seed and the place decide. */
  hear(sound: Float64Array, seed: number): Heard {
    // Times and places as one number, so that sorting is fast.
    const heard: number[] = [];
    const probability = new Float64Array(sound.length);
    this.#membrane.move(windowed(sound), (place, velocity) => {
      new HairCell(this.#sampleRate).follow(velocity, probability);
      const spikes = bushySpikes(probability, this.#sampleRate, drawing(seed, place));
      for (const time of spikes) heard.push(time * places + place);
    });
    const sorted = Float64Array.from(heard).sort();
    return {
      times: Uint16Array.from(sorted, (spike) => Math.floor(spike / places)),
      units: Uint16Array.from(sorted, (spike) => spike % places),
    };
  }
}

function windowed(sound: Float64Array): Float64Array {
  const power = sound.reduce((sum, value) => sum + value * value, 0) / sound.length;
  const scale = loudness / Math.sqrt(power);
  return sound.map((value, time) => {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * time) / (sound.length - 1));
    return scale * hann * value;
  });
}

/** A sequence of its own for each sound and place. */
function drawing(seed: number, place: number): Draw {
  // As a signed number, which a runtime keeps without a box.
  let state = (hash32(seed, streams.noise, place) || 1) | 0;
  return () => {
    state = stepLane(state) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}
