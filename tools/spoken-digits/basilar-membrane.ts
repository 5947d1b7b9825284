import FFT from 'fft.js';
import { besselOf, type Complex, hankel0 } from './bessel.ts';

/*
 * A semirealistic model of the cochlea: the shallow-water wave of a fluid over a membrane whose stiffness falls from
 * base to apex, solved frequency by frequency. N. Sieroka, H. G. Dosch, A. Rupp, J. Acoust. Soc. Am. 120, 297 (2006),
 * with the parameters of B. Cramer et al., IEEE TNNLS 33, 2744 (2022), in cm, g and s.
 */
const cm = { length: 3.5, height: 0.1 };
/** Of the stiffness, in 1/cm. */
const decay = 3;
/** The stiffness at the base is its difference to the second number. */
const [baseStiffness, stiffnessOffset] = [1e9, 3500];
const density = 1;
const mass = 0.05;
const baseDamping = 0.15 * Math.sqrt(baseStiffness * mass);
/** Waves that have decayed by exp(-60) are gone. */
const gone = 60;

/** How the velocity of the membrane follows a sound: a complex factor for each frequency, at each of its places. */
export interface Transfer {
  readonly places: number;
  /** From 0 up, `sampleRate / length` apart. */
  readonly frequencies: number;
  /** Place by place. */
  readonly re: Float32Array;
  readonly im: Float32Array;
  /** The number of frequencies that move each place; those above have died away before. */
  readonly moving: Uint32Array;
}

/**
 * The factors for all frequencies of a sound of `length` samples, up to half its sample rate.
 *
 * @param places an even number: the membrane moves two at once
 */
export function transferOf(places: number, sampleRate: number, length: number): Transfer {
  if (places % 2 !== 0) throw new Error(`${places} places: an even number is expected`);
  const frequencies = length / 2;
  const transfer = {
    places,
    frequencies,
    re: new Float32Array(places * frequencies),
    im: new Float32Array(places * frequencies),
    moving: new Uint32Array(places),
  };
  // Nothing moves at frequency 0.
  for (let k = 1; k < frequencies; k++) fillFrequency(transfer, k, (2 * Math.PI * k * sampleRate) / length);
  return transfer;
}

/** All places at one angular frequency: the wave is followed from the base to where it is gone. */
function fillFrequency({ places, frequencies, re, im, moving }: Transfer, k: number, omega: number): void {
  const step = cm.length / (places - 1);
  const [inRe, inIm] = impedance(omega);
  let last = wavenumber(omega, 0);
  // The phase of the wave, integrated by Simpson's rule.
  let [phaseRe, phaseIm] = [(2 * last[0]) / decay, (2 * last[1]) / decay];
  const start = pressure(phaseRe, phaseIm, last);
  for (let place = 0; place < places; place++) {
    const x = place * step;
    if (place > 0) {
      const middle = wavenumber(omega, x - step / 2);
      const next = wavenumber(omega, x);
      phaseRe += (step / 6) * (last[0] + 4 * middle[0] + next[0]);
      phaseIm += (step / 6) * (last[1] + 4 * middle[1] + next[1]);
      last = next;
    }
    if (phaseIm > gone) return;
    const here = divide(pressure(phaseRe, phaseIm, last), start);
    const [xiRe, xiIm] = membrane(omega, x);
    const [byRe, byIm] = divide([2 * omega, 0], [xiRe, xiIm]);
    const [vRe, vIm] = times(times([byRe, byIm], here), [inRe, inIm]);
    re[place * frequencies + k] = vRe;
    im[place * frequencies + k] = vIm;
    moving[place] = k + 1;
  }
}

/** The impedance of the membrane, times i omega: stiffness less inertia, and damping. */
function membrane(omega: number, x: number): Complex {
  const stiffness = baseStiffness * Math.exp(-decay * x) - stiffnessOffset;
  return [stiffness - mass * omega * omega, -omega * baseDamping * Math.exp((-decay * x) / 2)];
}

function wavenumber(omega: number, x: number): Complex {
  const [re, im] = membrane(omega, x);
  const [rootRe, rootIm] = root(divide([density / cm.height, 0], [re, im]));
  return [omega * rootRe, omega * rootIm];
}

/** The pressure, but for a factor that is the same everywhere. */
function pressure(phaseRe: number, phaseIm: number, wave: Complex): Complex {
  return times(root(divide([phaseRe, phaseIm], wave)), hankel0(phaseRe, phaseIm));
}

/** The wave at the base for a sound. */
function impedance(omega: number): Complex {
  const x = ((2 * omega) / decay) * Math.sqrt(2 / (cm.height * baseStiffness));
  const { j0, j1, y0, y1 } = besselOf(x);
  const [re, im] = divide([y0, j0], [j1, -y1]);
  const scale = Math.sqrt((2 * baseStiffness) / cm.height);
  return [scale * re, scale * im];
}

function times([a, b]: Complex, [c, d]: Complex): Complex {
  return [a * c - b * d, a * d + b * c];
}

function divide([a, b]: Complex, [c, d]: Complex): Complex {
  const size = c * c + d * d;
  return [(a * c + b * d) / size, (b * c - a * d) / size];
}

/** The root with a positive real part. */
function root([re, im]: Complex): Complex {
  const size = Math.hypot(re, im);
  const half = Math.sqrt((size + Math.abs(re)) / 2);
  const other = half === 0 ? 0 : Math.abs(im) / (2 * half);
  const sign = im < 0 ? -1 : 1;
  return re >= 0 ? [half, sign * other] : [other, sign * half];
}

/** Moves with sounds. It keeps its room from sound to sound. */
export class BasilarMembrane {
  readonly #transfer: Transfer;
  readonly #fft: FFT;
  readonly #spectrum: Float64Array;
  readonly #both: Float64Array;
  readonly #times: Float64Array;

  constructor(transfer: Transfer) {
    const length = 2 * transfer.frequencies;
    this.#transfer = transfer;
    this.#fft = new FFT(length);
    this.#spectrum = new Float64Array(2 * length);
    this.#both = new Float64Array(2 * length);
    this.#times = new Float64Array(2 * length);
  }

  /** The longest sound, in samples. */
  get longest(): number {
    return 2 * this.#transfer.frequencies;
  }

  /**
   * Calls back with the velocity of each place, as long as the sound, from base to apex. The array is used again.
   */
  move(sound: Float64Array, eachPlace: (place: number, velocity: Float64Array) => void): void {
    const { places } = this.#transfer;
    const padded = new Float64Array(this.longest);
    padded.set(sound);
    this.#fft.realTransform(this.#spectrum, padded);
    const velocity = new Float64Array(sound.length);
    const times = this.#times;
    // The velocities of two places are the real and the imaginary part of one transform.
    for (let place = 0; place < places; place += 2) {
      this.#fillBoth(place);
      this.#fft.inverseTransform(this.#times, this.#both);
      for (let part = 0; part < 2; part++) {
        for (let time = 0; time < velocity.length; time++) velocity[time] = times[2 * time + part] as number;
        eachPlace(place + part, velocity);
      }
    }
  }

  /** The spectrum of one place, plus i times that of the next one: both are of real numbers. */
  #fillBoth(place: number): void {
    const { re, im, frequencies, moving } = this.#transfer;
    const [spectrum, both] = [this.#spectrum, this.#both];
    const first = place * frequencies;
    const second = first + frequencies;
    // Later places follow fewer frequencies.
    const end = moving[place] as number;
    both.fill(0, 0, 2);
    both.fill(0, 2 * end, 4 * frequencies - 2 * end + 2);
    for (let k = 1; k < end; k++) {
      const sRe = spectrum[2 * k] as number;
      const sIm = spectrum[2 * k + 1] as number;
      const aRe = re[first + k] as number;
      const aIm = im[first + k] as number;
      const bRe = re[second + k] as number;
      const bIm = im[second + k] as number;
      const yRe = aRe * sRe - aIm * sIm;
      const yIm = aRe * sIm + aIm * sRe;
      const zRe = bRe * sRe - bIm * sIm;
      const zIm = bRe * sIm + bIm * sRe;
      const mirror = 4 * frequencies - 2 * k;
      both[2 * k] = yRe - zIm;
      both[2 * k + 1] = yIm + zRe;
      both[mirror] = yRe + zIm;
      both[mirror + 1] = zRe - yIm;
    }
  }
}
