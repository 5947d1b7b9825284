import { at } from '../../text/index.ts';
import type { KernelRunner } from './kernel.ts';

/** The runs of a kernel: one, plus those that start while it is suspended. */
interface Runs {
  readonly runners: KernelRunner[];
  underWay: number;
}

/**
 * Runs the kernels of an image. A kernel may run again while it is suspended: its stalled push may serve a spike that
 * triggers it. Each such run has registers of its own.
 */
export class KernelRuns {
  readonly #runs: readonly Runs[];
  readonly #start: (kernel: number) => KernelRunner;

  /** @param start makes a runner of a kernel, by index */
  constructor(kernels: number, start: (kernel: number) => KernelRunner) {
    this.#start = start;
    this.#runs = Array.from({ length: kernels }, (_, kernel) => ({ runners: [start(kernel)], underWay: 0 }));
  }

  /**
   * @param neuron the neuron that the event names, for kernels that need one
   * @param post the post-synaptic neuron that the event names, for kernels over one synapse
   */
  run(kernel: number, neuron: number, post: number): void {
    const runs = at(this.#runs, kernel);
    const runner = runs.runners[runs.underWay] ?? this.#start(kernel);
    runs.runners[runs.underWay] = runner;
    runs.underWay += 1;
    try {
      runner.run(neuron, post);
    } finally {
      runs.underWay -= 1;
    }
  }
}
