import { type Core, combine, type FeatureSet, fieldNamed, hash32, sampleValues, streams } from '../api.ts';
import type { OdinOptions } from './host.ts';
import { largestWeight, OdinEvents, spikeOf, timeReference, virtual } from './host.ts';

/** A sample to present. */
export interface OdinPresentation {
  readonly set: FeatureSet;
  readonly sample: number;
  readonly epoch: number;
  readonly seed: number;
  readonly label: number;
  readonly learn: boolean;
}

const neurons = 256;
/** Number of neurons that learn, one for each class. */
export const classes = 10;
/** The potential from which SDSP potentiates: a teacher's event raises a resting neuron to it, or lowers it to rest. */
const thetamem = largestWeight;
/** Two time references empty a neuron. The leak acts in time references only, so the host resets neurons with them. */
const leak = 127;
/** The calcium leaks at every second time reference, so the teacher's single one leaves it as it is. */
const calciumLeak = 2;
/** Time references that reset a neuron after a presentation without teaching, in which it spikes at most once. */
const resetsUntaught = 2;
/** The same after teaching: with the teacher's own time reference, three leaks for at most three spikes. */
const resetsTaught = 5;

const synapse = (pre: number, post: number) => (1 << 16) | (pre << 8) | post;

/**
 * Ten neurons of ODIN that learn digits: the events that a host sends, and how it reads the spikes that come back. All
 * learning is SDSP on the chip.
 *
 * A digit's pixels spike once each, the brightest first. To ask, a pixel's spike is ten events of a single synapse,
 * from which nothing is learned. The neuron that spikes first is the answer, and the spike raises its calcium. The host
 * teaches if the answer was wrong or another neuron was about to spike too: a random share of the pixels spike again,
 * as events of a whole row, on which SDSP acts. Before each of them, a teacher's virtual events excite the label's
 * neuron and inhibit the others. The label's neuron is potentiated; neurons with raised calcium, those that answered
 * wrongly, are depressed.
 */
export class OdinClassifier {
  readonly #core: Core;
  readonly #options: OdinOptions;
  readonly chip: OdinEvents;
  readonly #pixels = new Uint8Array(deskewedPixels);
  /** Pixels that spike, the brightest first. */
  readonly #order = new Uint16Array(deskewedPixels);
  #count = 0;
  /** The neuron that spiked last; -1 if none has since this was reset. */
  #spiked = -1;

  constructor(core: Core, options: OdinOptions) {
    this.#core = core;
    this.#options = options;
    this.chip = new OdinEvents(core, { isOpen: 1 }, (neuron) => {
      this.#spiked = neuron;
    });
    this.#program();
    this.chip.resetCounters();
  }

  /**
   * Presents a digit and leaves the chip at rest.
   *
   * @param answered called as soon as the answer is known
   * @returns the answer: a class, or -1 if no neuron spiked
   */
  present(presentation: OdinPresentation, answered: () => void = () => {}): number {
    const { set, sample, learn, label } = presentation;
    deskew(sampleValues(set, sample), this.#pixels);
    this.#rank();
    const { longestPixels, marginPixels } = this.#options;
    const end = this.#count === 0 ? 0 : longestPixels;
    const decided = this.#race(0, end, -1);
    const answer = this.#spiked;
    answered();
    let isTaught = false;
    if (learn) {
      if (answer === label) this.#race(decided, decided + marginPixels, label);
      isTaught = this.#spiked !== label || answer !== label;
      if (isTaught) this.#teach(presentation);
    }
    this.#spiked = -1;
    for (let post = 0; post < classes; post++) this.#reset(post, isTaught ? resetsTaught : resetsUntaught);
    return answer;
  }

  /** Programs neurons and synapses before the start. Weights are 3 or 4, at random. */
  #program(): void {
    const { image } = this.#core;
    const write = (path: string, itemOf: (post: number, item: number) => number) => {
      const field = fieldNamed(image, path);
      const count = image.fields[field]?.count ?? 0;
      const values = Uint8Array.from({ length: count }, (_, item) => itemOf(item % neurons, item));
      this.#core.write(field, values);
    };
    const ofClasses =
      (value: number, others = 0) =>
      (post: number) =>
        post < classes ? value : others;
    const prefix = hash32(image.seed, streams.weight);
    write('neurons.lif', () => 1);
    write('neurons.thr', ofClasses(this.#options.threshold, 255));
    write('neurons.disable', ofClasses(0, 1));
    write('neurons.leak_en', ofClasses(1));
    write('neurons.leak_str', ofClasses(leak));
    write('neurons.ca_en', ofClasses(1));
    write('neurons.ca_leak', ofClasses(calciumLeak));
    write('neurons.thetamem', ofClasses(thetamem));
    write('neurons.ca_theta1', ofClasses(1));
    write('neurons.ca_theta2', ofClasses(7));
    write('neurons.ca_theta3', ofClasses(7));
    write('synapses.map', ofClasses(1));
    write('synapses.w', (post, item) => (post < classes ? 3 + (combine(prefix, item) >>> 31) : 0));
  }

  /** Sorts the pixels above the threshold by brightness, the brightest first, and equal ones by index. */
  #rank(): void {
    const order: number[] = [];
    for (let pixel = 0; pixel < deskewedPixels; pixel++) {
      if ((this.#pixels[pixel] ?? 0) > this.#options.pixelThreshold) order.push(pixel);
    }
    order.sort((a, b) => (this.#pixels[b] ?? 0) - (this.#pixels[a] ?? 0) || a - b);
    this.#order.set(order);
    this.#count = order.length;
  }

  /**
   * Sends pixels to each neuron until one spikes, starting over after the last pixel. Each pixel goes to another neuron
   * first, so that none is favoured.
   *
   * @param except a neuron to leave out
   * @returns the number of pixels sent since the beginning
   */
  #race(from: number, to: number, except: number): number {
    for (let place = from; place < to; place++) {
      const pixel = this.#pixelAt(place);
      for (let i = 0; i < classes; i++) {
        const post = (place + i) % classes;
        if (post === except) continue;
        const before = this.#spiked;
        this.chip.send(synapse(pixel, post), false);
        if (this.#spiked !== before) return place + 1;
      }
    }
    return to;
  }

  #teach({ seed, epoch, sample, label }: OdinPresentation): void {
    const { threshold, learnedShare, shareDecay } = this.#options;
    for (let post = 0; post < classes; post++) this.#reset(post, 1);
    // The teacher makes the label's neuron spike at least once, to raise its calcium.
    for (let sent = 0; sent < threshold; sent += largestWeight) this.#send(virtual(label, false));
    const share = learnedShare * shareDecay ** epoch * 2 ** 32;
    const prefix = hash32(seed, streams.input, epoch, sample);
    for (let place = 0; place < this.#count; place++) {
      if (combine(prefix, place) >= share) continue;
      for (let post = 0; post < classes; post++) this.#send(virtual(post, post !== label));
      this.#send(spikeOf(this.#pixelAt(place)));
    }
  }

  #reset(post: number, times: number): void {
    for (let i = 0; i < times; i++) this.chip.send(timeReference(post), false);
  }

  #send(address: number): void {
    this.chip.send(address, true);
  }

  #pixelAt(place: number): number {
    return this.#order[place % this.#count] ?? 0;
  }
}

const side = 28;
/** Side of a deskewed digit. */
const smallSide = 16;
/** Side of the region that is kept, around the centre of mass: MNIST digits are 20 pixels high. */
const keptSide = 24;
/** Each small pixel is the mean of this many samples squared. */
const samplesPerSide = 2;

/** Pixels of a digit of MNIST, and of its deskewed version. */
export const digitPixels = side ** 2;
export const deskewedPixels = smallSide ** 2;

/**
 * Deskews a digit of 28 x 28 pixels: moves it to its centre of mass, shears it until its vertical axis is upright, and
 * samples it down to 16 x 16. ODIN's authors preprocessed MNIST in this way to fit its 256 inputs.
 *
 * The shear is the covariance of x and y over the variance of y; values between pixels are interpolated linearly.
 *
 * @param digit 784 features 0..255, row by row
 * @param into 256 features 0..255
 */
export function deskew(digit: Uint8Array, into: Uint8Array): void {
  const { centreX, centreY, shear } = axisOf(digit);
  const step = keptSide / smallSide;
  for (let row = 0; row < smallSide; row++) {
    for (let column = 0; column < smallSide; column++) {
      let sum = 0;
      for (let i = 0; i < samplesPerSide; i++) {
        const y = (row + (i + 0.5) / samplesPerSide - smallSide / 2) * step;
        for (let j = 0; j < samplesPerSide; j++) {
          const x = (column + (j + 0.5) / samplesPerSide - smallSide / 2) * step;
          sum += interpolated(digit, centreX + x + shear * y, centreY + y);
        }
      }
      into[row * smallSide + column] = Math.floor(sum / samplesPerSide ** 2 + 0.5);
    }
  }
}

function axisOf(digit: Uint8Array) {
  let mass = 0;
  let sumX = 0;
  let sumY = 0;
  for (let at = 0; at < digitPixels; at++) {
    const value = digit[at] ?? 0;
    mass += value;
    sumX += value * (at % side);
    sumY += value * Math.floor(at / side);
  }
  if (mass === 0) return { centreX: (side - 1) / 2, centreY: (side - 1) / 2, shear: 0 };
  const centreX = sumX / mass;
  const centreY = sumY / mass;
  let covariance = 0;
  let variance = 0;
  for (let at = 0; at < digitPixels; at++) {
    const value = digit[at] ?? 0;
    const y = Math.floor(at / side) - centreY;
    covariance += value * ((at % side) - centreX) * y;
    variance += value * y * y;
  }
  return { centreX, centreY, shear: variance > 0 ? covariance / variance : 0 };
}

/** Outside the digit, pixels are 0. */
function interpolated(digit: Uint8Array, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = x - left;
  const down = y - top;
  const pixel = (px: number, py: number) =>
    px < 0 || py < 0 || px >= side || py >= side ? 0 : (digit[py * side + px] ?? 0);
  return (
    (pixel(left, top) * (1 - right) + pixel(left + 1, top) * right) * (1 - down) +
    (pixel(left, top + 1) * (1 - right) + pixel(left + 1, top + 1) * right) * down
  );
}
