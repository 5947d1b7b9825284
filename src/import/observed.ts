import { eventsOf, type Grid, type NirData } from '../nir/index.ts';
import { at, option, PlasticoreError } from '../text/index.ts';
import type { RunningLayer, RunningNetwork } from './check/running.ts';
import type { InputData } from './input-data.ts';

/** The most numbers of a node that are kept. */
const mostKept = 2 ** 27;

/** Keeps what comes into a network that runs in integers, and what its layers give, in units of the graph. */
export class ObservedRun {
  readonly #data: InputData;
  readonly #dt: number;
  readonly #seen = new Map<string, Map<string, Grid>>();

  constructor(data: InputData, dt: number) {
    this.#data = data;
    this.#dt = dt;
  }

  /** The same network, which is watched. */
  watched(running: RunningNetwork): RunningNetwork {
    const { input, layers } = running;
    return {
      ...running,
      present: (data, sample, stepped) => {
        const came = this.#grid(input.node, data.numbers.are === 'spikes' ? 'spikes' : 'values', input.size);
        came.values.set(Float64Array.from(data.doubles(sample)), sample * data.steps * input.size);
        return running.present(data, sample, (step) => {
          for (const layer of layers) this.#observe(layer, sample, step - layer.depth);
          stepped(step);
        });
      },
    };
  }

  /** What was seen: spikes as events, all else in steps. */
  observables(): NirData {
    return new Map(
      [...this.#seen].map(([node, observables]) => [
        node,
        new Map([...observables].map(([name, grid]) => [name, name === 'spikes' ? eventsOf(grid) : grid])),
      ]),
    );
  }

  #observe(layer: RunningLayer, sample: number, step: number): void {
    const { node, size } = layer.stage;
    const { steps } = this.#data;
    if (step < 0 || step >= steps) return;
    const keep = (name: string, seen: ArrayLike<number>, unit: (neuron: number, value: number) => number) => {
      const { values } = this.#grid(node, name, size);
      for (let neuron = 0; neuron < size; neuron++)
        values[(sample * steps + step) * size + neuron] = unit(neuron, at(seen, layer.number(neuron)));
    };
    if (layer.isSpiking) keep('spikes', layer.spikes(), (_, value) => value);
    const potentials = layer.potentials();
    if (potentials !== undefined)
      keep('potential', potentials, (neuron, value) => layer.inGraph(neuron, value));
  }

  #grid(node: string, name: string, size: number): Grid {
    const { samples, steps } = this.#data;
    const known = this.#seen.get(node)?.get(name);
    if (known !== undefined) return known;
    if (samples * steps * size > mostKept)
      throw new PlasticoreError(
        'usage',
        `node '${node}': ${samples} samples of ${steps} steps and ${size} neurons are more than ${mostKept} numbers`,
        {
          hint: `${option('limit', String(Math.max(1, Math.floor(mostKept / (steps * size)))))} keeps fewer samples`,
        },
      );
    const values = new Float64Array(samples * steps * size);
    const grid: Grid = { is: 'grid', shape: [samples, steps, size], values, dt: this.#dt };
    this.#seen.set(node, new Map([...(this.#seen.get(node) ?? []), [name, grid]]));
    return grid;
  }
}
