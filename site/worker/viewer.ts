import type { Dataset } from '../../src/data/index.ts';
import type { CoreState } from '../../src/engine/index.ts';
import { type Cell, Session } from '../../src/experiment/index.ts';
import type { SampleView, Watch } from '../shared/protocol.ts';
import { costView } from './cost.ts';
import type { Slate } from './slate.ts';

/**
 * A second machine with the same program. It takes the state of the one that learns, is asked a sample, and is watched
 * step by step. The one that learns is never touched.
 */
export class Viewer {
  readonly #cell: Cell;
  readonly #data: Dataset;
  readonly #slate: Slate | undefined;
  readonly #machine: Session['machine'];
  readonly #host: Session['host'];

  constructor(cell: Cell, data: Dataset, slate: Slate | undefined) {
    this.#cell = cell;
    this.#data = data;
    this.#slate = slate;
    const { machine, host } = new Session(cell, data, { hostData: slate?.data });
    this.#machine = machine;
    this.#host = host;
  }

  /** Takes the state of another machine of the same program. */
  follow(learner: Session['machine'], epoch: number): void {
    this.take(learner.save(), epoch);
  }

  /** Takes a state that another machine of the same program had. */
  take(state: CoreState, epoch: number): void {
    this.#machine.restore(state);
    this.#machine.setEpoch(epoch);
  }

  /** Whether it answers a test sample with its label. */
  isRight(sample: number): boolean {
    return this.#host.ask(sample) === this.#data.test.labels[sample];
  }

  /** Share of right answers on some test samples, from one on. */
  accuracy(first: number, count: number): number | undefined {
    const { count: all } = this.#data.test;
    if (all === 0) return undefined;
    let right = 0;
    for (let index = 0; index < count; index++) right += Number(this.isRight((first + index) % all));
    return right / count;
  }

  /** Asks about the drawing. */
  askDrawing(neuron: Watch['neuron']): SampleView {
    if (this.#slate === undefined) throw new Error('nothing can be drawn for this data');
    return { ...this.ask(this.#slate.test, neuron), sample: -1 };
  }

  /** Asks a test sample and writes down every step. */
  ask(sample: number, neuron: Watch['neuron']): SampleView {
    const { image } = this.#cell;
    const { test } = this.#slate?.data ?? this.#data;
    const spikes = image.populations.map((): number[][] => []);
    const watched = image.fields.flatMap(({ name, count }, index) => {
      const population = image.populations.find((each) => each.name === neuron?.population);
      const [owner, field = ''] = name.split('.');
      const isOfNeuron = population !== undefined && owner === population.name && count === population.size;
      return isOfNeuron ? [{ field, index, values: [] as number[] }] : [];
    });
    const size = image.populations.find(({ name }) => name === neuron?.population)?.size ?? 0;
    const isThere = neuron !== undefined && neuron.index < size;
    this.#host.resetCounters();
    const answer = this.#host.ask(sample, () => {
      for (const [population, steps] of spikes.entries()) steps.push([...this.#machine.spikesOf(population)]);
      if (!isThere) return;
      for (const { index, values } of watched) values.push(this.#machine.read(index)[neuron.index] ?? 0);
    });
    const counters = this.#host.counters();
    return {
      sample,
      label: test.labels[sample] ?? 0,
      answer,
      steps: spikes[0]?.length ?? 0,
      spikes: Object.fromEntries(image.populations.map(({ name }, index) => [name, spikes[index] ?? []])),
      // The host of a chip may read its answers in another way.
      scores: image.readout < 0 ? [] : [...this.#machine.read(image.readout)],
      neuron: isThere
        ? { ...neuron, fields: Object.fromEntries(watched.map(({ field, values }) => [field, values])) }
        : undefined,
      picture:
        test.kind === 'features'
          ? test.values.slice(sample * test.inputs, (sample + 1) * test.inputs)
          : undefined,
      cost: costView(image, counters, 1),
    };
  }
}
