import { type FeatureSet, sampleValues } from '../../data/index.ts';
import type { Core } from '../../engine/index.ts';
import type { Counters } from '../../image/index.ts';
import { combine, hash32, streams } from '../../random/index.ts';
import { fieldNamed } from '../controller.ts';
import { OdinController } from './controller.ts';
import { deskew, deskewedPixels } from './deskew.ts';
import type { OdinOptions } from './options.ts';

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
/** Neurons that learn, one for each class. */
export const classes = 10;
const largestWeight = 7;
/** A potential at which SDSP potentiates: a teacher's event takes a neuron at rest there, or from there to rest. */
const thetamem = largestWeight;
/** The leak empties a neuron in two time references, and acts in them only: it is how a host resets one. */
const leak = 127;
/** Time references from one leak of the calcium to the next: the teacher's single one leaves the calcium as it is. */
const calciumLeak = 2;
/** Without a teacher a neuron spikes at most once in a presentation. */
const resetsUntaught = 2;
/** With the teacher's one, these are three leaks: so often at most a neuron spikes in all. */
const resetsTaught = 5;

const synapse = (pre: number, post: number) => (1 << 16) | (pre << 8) | post;
const spikeOf = (pre: number) => (pre << 8) | 7;
const timeReference = (post: number) => (post << 8) | 0xff;
const virtual = (post: number, inhibits: boolean) =>
  (post << 8) | (largestWeight << 5) | (Number(inhibits) << 4) | 1;

/**
 * Ten neurons of ODIN that learn digits: the events that a host sends, and what it makes of the spikes that come back.
 * All learning is SDSP on the chip.
 *
 * A digit's pixels spike once each, the brightest first. To ask, a pixel's spike is ten events of a single synapse, by
 * which nothing is learnt; the neuron that spikes first is the answer. That spike also raises its calcium. To teach, where the
 * answer was wrong or another neuron was about to spike too, a random share of the pixels spike again, as events of a
 * whole row, by which SDSP acts. Before each a teacher's virtual events excite the label's neuron and inhibit the
 * others: those whose calcium is up, which are those that answered wrongly, are depressed, and the label's is potentiated.
 */
export class OdinClassifier {
  readonly #core: Core;
  readonly #options: OdinOptions;
  readonly #chip: OdinController;
  readonly #pixels = new Uint8Array(deskewedPixels);
  /** Pixels that spike, the brightest first. */
  readonly #order = new Uint16Array(deskewedPixels);
  #count = 0;
  /** The neuron that spiked last; -1 since it was last looked at. */
  #spiked = -1;

  constructor(core: Core, options: OdinOptions) {
    this.#core = core;
    this.#options = options;
    this.#chip = new OdinController(
      core,
      {
        openLoop: true,
        updateUnmappedSynapses: false,
        propagateUnmappedSynapses: false,
        learnAtSynapseEvents: false,
      },
      {
        operation: () => {},
        event: () => {},
        spike: (_cycle, neuron) => {
          this.#spiked = neuron;
        },
      },
    );
    this.#program();
    this.#chip.resetCounters();
  }

  counters(): Counters {
    return this.#chip.counters();
  }

  resetCounters(): void {
    this.#chip.resetCounters();
  }

  /**
   * Presents a digit and leaves the chip at rest.
   *
   * @param answered called when the answer is there
   * @returns the answer: a class, or -1 where no neuron spiked
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

  /** Neurons and synapses as a host programs them before the start; weights are 3 or 4, at random. */
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

  /** Orders the pixels above the threshold, the brightest first, equal ones by place. */
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
   * Sends pixels, from the first again after the last, to each neuron until one spikes. The neuron that comes first
   * changes with each pixel: none is favoured.
   *
   * @param except a neuron that is left out
   * @returns how many pixels were sent since the beginning
   */
  #race(from: number, to: number, except: number): number {
    for (let place = from; place < to; place++) {
      const pixel = this.#pixelAt(place);
      for (let i = 0; i < classes; i++) {
        const post = (place + i) % classes;
        if (post === except) continue;
        const before = this.#spiked;
        this.#chip.send(synapse(pixel, post), false);
        if (this.#spiked !== before) return place + 1;
      }
    }
    return to;
  }

  #teach({ seed, epoch, sample, label }: OdinPresentation): void {
    const { threshold, learnedShare, shareDecay } = this.#options;
    for (let post = 0; post < classes; post++) this.#reset(post, 1);
    // Calcium of the label's neuron: one spike at least, by the teacher.
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
    for (let i = 0; i < times; i++) this.#chip.send(timeReference(post), false);
  }

  #send(address: number): void {
    this.#chip.send(address, true);
  }

  #pixelAt(place: number): number {
    return this.#order[place % this.#count] ?? 0;
  }
}
