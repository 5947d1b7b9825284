import {
  ControllerRunner,
  type Cores,
  controllerSchema,
  type Scalar,
  type Spikes,
} from '../../src/control/index.ts';
import { at } from '../../src/text/index.ts';

/**
 * Cores of eight neurons, in a few lines: `add` adds w to a potential; `all` adds w to each. A potential of 10 or more
 * spikes and is 0 again; `neurons.fired` tells whether the last event let the neuron spike.
 */
export class MockCores implements Cores {
  readonly events = ['add', 'all'].map((name) => ({ name, limits: [] }));
  readonly scalars: readonly Scalar[] = [
    { name: 'neuron', low: 0, high: 255 },
    { name: 'w', low: -8, high: 7 },
  ];
  readonly potentials: number[][];
  readonly fired: number[][];
  /** Each event that has run, as core, name, neuron, w. */
  readonly ran: string[] = [];
  /** How often a field has been read. */
  reads = 0;
  readonly #given: Int32Array[];
  #spiked: number[] = [];

  constructor(cores = 1) {
    const each = (size: number): number[][] => Array.from({ length: cores }, () => Array(size).fill(0));
    this.potentials = each(8);
    this.fired = each(8);
    this.#given = Array.from({ length: cores }, () => new Int32Array(2));
  }

  field(name: string): number | undefined {
    const index = ['neurons.v', 'neurons.fired'].indexOf(name);
    return index < 0 ? undefined : index;
  }

  given(core: number): Int32Array {
    return at(this.#given, core);
  }

  read(core: number, field: number): number[] {
    this.reads += 1;
    return at(field === 0 ? this.potentials : this.fired, core);
  }

  spikes(): Spikes {
    return { neurons: this.#spiked, values: this.#spiked.map(() => 0) };
  }

  /** Three cycles for an event, and one for each neuron that it visits. */
  busyCycles(core: number): number {
    const own = this.ran.filter((event) => event.startsWith(`${core} `));
    return own.reduce((sum, event) => sum + (event.includes('all') ? 3 + 8 : 3 + 1), 0);
  }

  trigger(core: number, event: number): number {
    const [neuron = 0, w = 0] = this.given(core);
    this.ran.push(`${core} ${event === 0 ? 'add' : 'all'} ${neuron} ${w}`);
    const potentials = at(this.potentials, core);
    const fired = at(this.fired, core);
    const visited = event === 0 ? [neuron] : [...potentials.keys()];
    this.#spiked = visited.filter((index) => {
      const next = at(potentials, index) + w;
      fired[index] = Number(next >= 10);
      potentials[index] = next >= 10 ? 0 : next;
      return next >= 10;
    });
    return this.#spiked.length;
  }
}

/** A controller from what its inputs do, and the rest of it. Somebody listens, unless told otherwise. */
export function controlled(shape: object, cores = new MockCores(), listens = true): ControllerRunner {
  const chip = new ControllerRunner(controllerSchema.parse(shape), cores);
  if (listens) chip.listen();
  return chip;
}
