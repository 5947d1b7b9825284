import { factsOf, type Image } from '../image/index.ts';
import type { NeuroBench } from './schema.ts';

/** The input of NeuroBench's static and workload metrics. */
export interface Activity {
  /** Number of scored samples, of the test set or the validation split. */
  readonly samples: number;
  /** Spikes of each neuron over all these samples, by population. */
  readonly neuronSpikes: readonly Float64Array[];
  /** The items of a field, by its index, as the core holds them after training. */
  readonly read: (field: number) => ArrayLike<number>;
}

export function neuroBench(image: Image, totalBits: number, activity: Activity): NeuroBench {
  const { samples, neuronSpikes, read } = activity;
  let weights = 0;
  let zeros = 0;
  let effective = 0;
  for (const { name, source, segments } of image.projections) {
    const weight = image.fields.findIndex((field) => field.name === `${name}.weight`);
    if (weight < 0) continue;
    const values = read(weight);
    for (let row = 0; row + 1 < segments.rowStart.length; row++) {
      let used = 0;
      for (let s = segments.rowStart[row] ?? 0; s < (segments.rowStart[row + 1] ?? 0); s++) {
        const first = segments.firstWeight[s] ?? 0;
        const length = segments.length[s] ?? 0;
        weights += length;
        for (let w = first; w < first + length; w++) used += Number(values[w] !== 0);
        zeros += length;
      }
      zeros -= used;
      effective += used * (neuronSpikes[source]?.[row] ?? 0);
    }
  }
  const spiking = image.populations.map((_, index) => index).filter((index) => canSpike(image, index));
  const neurons = spiking.reduce((sum, index) => sum + (image.populations[index]?.size ?? 0), 0);
  const spikes = spiking.reduce(
    (sum, index) => sum + (neuronSpikes[index]?.reduce((a, b) => a + b, 0) ?? 0),
    0,
  );
  const chances = neurons * image.steps * samples;
  return {
    footprint: totalBits / 8,
    connection_sparsity: weights === 0 ? 0 : zeros / weights,
    activation_sparsity: chances === 0 ? 0 : 1 - spikes / chances,
    synaptic_operations: {
      Effective_MACs: 0,
      Effective_ACs: samples === 0 ? 0 : effective / samples,
      Dense: weights * image.steps,
    },
  };
}

/** Whether a kernel over a population's neurons emits. */
export function canSpike(image: Image, population: number): boolean {
  return image.kernels.some((kernel) => kernel.population === population && factsOf(kernel).emits);
}
