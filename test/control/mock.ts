import { at } from '../../src/arrays/index.ts';
import { ControllerRunner, type Cores, controllerSchema, type Scalar } from '../../src/control/index.ts';

const scalars: Readonly<Record<string, Scalar>> = {
  neuron: { index: 0, low: 0, high: 255 },
  w: { index: 1, low: -8, high: 7 },
};

/**
 * Cores of eight neurons, in a few lines: `add` adds w to a potential; `all` adds w to each. A potential of 10 or more
 * spikes and is 0 again; `neurons.fired` tells whether the last event let the neuron spike.
 */
export class MockCores implements Cores {
  readonly potentials: number[][];
  readonly fired: number[][];
  /** Each event, as core, name, neuron, w. */
  readonly events: string[] = [];
  /** How often a field has been read. */
  reads = 0;
  readonly #scalars: number[][];

  constructor(cores = 1) {
    const each = (size: number): number[][] => Array.from({ length: cores }, () => Array(size).fill(0));
    this.potentials = each(8);
    this.fired = each(8);
    this.#scalars = each(2);
  }

  event(name: string): number | undefined {
    const index = ['add', 'all'].indexOf(name);
    return index < 0 ? undefined : index;
  }

  scalar(name: string): Scalar | undefined {
    return scalars[name];
  }

  field(name: string): number | undefined {
    const index = ['neurons.v', 'neurons.fired'].indexOf(name);
    return index < 0 ? undefined : index;
  }

  set(core: number, { index }: Scalar, value: number): void {
    at(this.#scalars, core)[index] = value;
  }

  read(core: number, field: number): number[] {
    this.reads += 1;
    return at(field === 0 ? this.potentials : this.fired, core);
  }

  carried(): number {
    return 0;
  }

  trigger(core: number, event: number): number[] {
    const [neuron = 0, w = 0] = at(this.#scalars, core);
    this.events.push(`${core} ${event === 0 ? 'add' : 'all'} ${neuron} ${w}`);
    const potentials = at(this.potentials, core);
    const fired = at(this.fired, core);
    const visited = event === 0 ? [neuron] : [...potentials.keys()];
    return visited.filter((index) => {
      const next = at(potentials, index) + w;
      fired[index] = Number(next >= 10);
      potentials[index] = next >= 10 ? 0 : next;
      return next >= 10;
    });
  }
}

/** A controller from what its inputs do, and the rest of it. Somebody listens, unless told otherwise. */
export function controlled(shape: object, cores = new MockCores(), listens = true): ControllerRunner {
  const chip = new ControllerRunner(controllerSchema.parse(shape), cores);
  if (listens) chip.listen();
  return chip;
}
