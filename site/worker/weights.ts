import type { Processor } from '../../src/engine/index.ts';
import type { Watch, WeightsView } from '../shared/protocol.ts';

/** The weights into some neurons of a dense projection, as kernels read them. */
export function weightsView(
  machine: Processor,
  { projection, neurons }: NonNullable<Watch['weights']>,
): WeightsView | undefined {
  const { image } = machine;
  const index = image.projections.findIndex(({ name }) => name === projection);
  const found = image.projections[index];
  const field = image.fields.findIndex(({ name }) => name === `${projection}.weight`);
  if (found === undefined || field < 0) return undefined;
  const columns = found.weightRowLength;
  const all = machine.read(field);
  const shown = neurons
    .filter((neuron) => neuron < columns)
    .map((neuron) => ({
      index: neuron,
      weights: Float32Array.from({ length: found.weightRows }, (_, row) => all[row * columns + neuron] ?? 0),
    }));
  const largest = shown.reduce(
    (most, { weights }) => weights.reduce((larger, weight) => Math.max(larger, Math.abs(weight)), most),
    0,
  );
  return { projection, neurons: shown, largest };
}
