import {
  emittingPopulation,
  factsOf,
  fieldUses,
  isSparse,
  kernelsByPhase,
  type ProgramView,
} from '../image/index.ts';
import { operationNamed } from '../isa/index.ts';
import { rowsOf, visitRow } from '../program/index.ts';
import { at, numberAt, sum } from '../text/index.ts';
import type { NeuroBench } from './schema.ts';

/*
 * The metrics of NeuroBench (Yik et al., Nature Communications 16:1545, 2025) under the names of its harness 2.3, for
 * the network as it infers. Definitions follow the harness's sources (github.com/NeuroBench/neurobench,
 * neurobench/metrics, as of commits cfb182cc and 29c62373).
 */

/** The sources of the metrics, beside the image. */
export interface MetricSources {
  /** Number of scored samples, of the test set or the validation split. */
  readonly samples: number;
  /** Time steps of all these samples; default: as many as the program may have. */
  readonly steps?: number | undefined;
  /** Spikes of each neuron over all these samples, by population. */
  readonly neuronSpikes: readonly Float64Array[];
  /** The items of a field, by its index, as the core holds them after training. */
  readonly read: (field: number) => ArrayLike<number>;
  /** How often neurons changed their potentials, by population, if that was counted. */
  readonly membraneUpdates?: readonly number[] | undefined;
}

export function neuroBench(image: ProgramView, totalBits: number, activity: MetricSources): NeuroBench {
  const steps = stepsOf(image, activity);
  const spiking = [...image.populations.keys()].filter((index) => canSpike(image, index));
  const sizeOf = (index: number): number => image.populations[index]?.size ?? 0;
  const spikesOf = (index: number): number => sum(activity.neuronSpikes[index] ?? []);
  const sparsity = (populations: readonly number[]): number => {
    const chances = steps * sum(populations.map(sizeOf));
    return chances === 0 ? 0 : 1 - sum(populations.map(spikesOf)) / chances;
  };
  return {
    Footprint: totalBits / 8,
    ParameterCount: sum(parameterFields(image).map((index) => image.fields[index]?.count ?? 0)),
    ...connections(image, activity),
    ActivationSparsity: sparsity(spiking),
    ActivationSparsityByLayer: Object.fromEntries(
      spiking.map((index) => [image.populations[index]?.name ?? '', sparsity([index])]),
    ),
    ...membranes(image, activity),
  };
}

function stepsOf(image: ProgramView, { samples, steps = image.steps * samples }: MetricSources): number {
  return steps;
}

/** Whether a kernel over a population's neurons emits. */
export function canSpike(image: ProgramView, population: number): boolean {
  return image.kernels.some((kernel) => kernel.population === population && factsOf(kernel).emits);
}

/** Zero weights, and what spikes do with the others. */
function connections(
  image: ProgramView,
  activity: MetricSources,
): Pick<NeuroBench, 'ConnectionSparsity' | 'SynapticOperations'> {
  const { samples, neuronSpikes, read } = activity;
  let weights = 0;
  let used = 0;
  const effective = { ac: 0, mac: 0 };
  let dense = 0;
  for (const projection of visitedProjections(image)) {
    const { name, source, target, segments } = projection;
    const isListed = isSparse(projection, image.projections);
    const weight = image.fields.findIndex((field) => field.name === `${name}.weight`);
    if (weight < 0) continue;
    const values = read(weight);
    // In a matrix of all pairs, the synapses that a sparse projection does not have are zeros.
    const pairs = (image.populations[source]?.size ?? 0) * (image.populations[target]?.size ?? 0);
    weights += isListed ? pairs : values.length;
    for (let item = 0; item < values.length; item++) used += Number(values[item] !== 0);
    const spikes = neuronSpikes[source] ?? [];
    const kind = image.populations[source]?.payload === undefined ? 'ac' : 'mac';
    let synapses = 0;
    for (let row = 0; row < rowsOf(segments); row++) {
      let nonzero = 0;
      visitRow(segments, row, (_, count, first) => {
        synapses += count;
        for (let w = first; w < first + count; w++) nonzero += Number(values[w] !== 0);
      });
      effective[kind] += nonzero * numberAt(spikes, row);
    }
    dense += isListed ? pairs : synapses;
  }
  const perSample = (count: number): number => (samples === 0 ? 0 : count / samples);
  return {
    ConnectionSparsity: weights === 0 ? 0 : 1 - used / weights,
    SynapticOperations: {
      Effective_MACs: perSample(effective.mac),
      Effective_ACs: perSample(effective.ac),
      Dense: perSample(dense * stepsOf(image, activity)),
    },
  };
}

/** The projections through which spikes act while the network infers. */
function visitedProjections(image: ProgramView) {
  const { inference } = kernelsByPhase(image.events);
  const visited = new Set<number>();
  for (const index of inference) {
    const { projection, counts } = image.kernels[index] ?? {};
    if (projection !== undefined && counts === 'sop')
      visited.add(image.projections[projection]?.partOf ?? projection);
  }
  return image.projections.filter((_, index) => visited.has(index));
}

/** The fields that inference reads and does not write: weights, biases, thresholds of single neurons. */
function parameterFields(image: ProgramView): number[] {
  const { inference } = kernelsByPhase(image.events);
  const uses = [...inference].flatMap((index) => fieldUses(at(image.kernels, index)));
  const written = new Set(uses.flatMap(({ field, does }) => (does === 'read' ? [] : [field])));
  const read = new Set(uses.flatMap(({ field, does }) => (does === 'read' ? [field] : [])));
  return [...read].filter((index) => !written.has(index) && image.fields[index]?.fixed !== true);
}

/** A population whose neurons have potentials. */
export interface Membrane {
  readonly population: number;
  /** Index of the field that holds the potentials. */
  readonly field: number;
}

/**
 * The potentials of a network: of neurons that spike, the first field that the kernel which emits reads of them and
 * that inference changes; of others, the readout.
 */
export function membranesOf(image: ProgramView): Membrane[] {
  const kernels = [...kernelsByPhase(image.events).inference].flatMap((index) => image.kernels[index] ?? []);
  const stored = new Set(
    kernels.flatMap(fieldUses).flatMap(({ field, does }) => (does === 'store' ? [field] : [])),
  );
  const readout = image.fields[image.readout]?.name.split('.')[0];
  return image.populations.flatMap(({ name }, population): Membrane[] => {
    const fields = kernels
      .filter((kernel) => factsOf(kernel).emits && emittingPopulation(image, kernel) === population)
      .flatMap(({ code }) => code)
      .flatMap(({ mnemonic, operands }) =>
        operationNamed(mnemonic).effect.does === 'load'
          ? operands.flatMap((operand) => (operand.is === 'field' ? [operand.field] : []))
          : [],
      );
    const field = fields.find(
      (index) => stored.has(index) && image.fields[index]?.name.startsWith(`${name}.`),
    );
    if (field !== undefined) return [{ population, field }];
    return name === readout ? [{ population, field: image.readout }] : [];
  });
}

/** Updates of potentials, and the operations that they take; absent if they were not counted. */
function membranes(
  image: ProgramView,
  activity: MetricSources,
): Pick<NeuroBench, 'MembraneUpdates' | 'NeuronOperations'> {
  const { samples, membraneUpdates } = activity;
  if (membraneUpdates === undefined || samples === 0) return {};
  const all = membranesOf(image).map(({ population, field }) => ({
    updates: numberAt(membraneUpdates, population),
    chances: (image.populations[population]?.size ?? 0) * stepsOf(image, activity),
    operations: operationsOn(image, field),
  }));
  return {
    MembraneUpdates: sum(all.map(({ updates }) => updates)) / samples,
    NeuronOperations: {
      'Effective Neuron Ops': sum(all.map(({ updates, operations }) => updates * operations)) / samples,
      'Neuron Dense Ops': sum(all.map(({ chances, operations }) => chances * operations)) / samples,
    },
  };
}

/** Arithmetic, shifts and logic of the kernels over neurons that store their potentials. */
function operationsOn(image: ProgramView, potential: number): number {
  const computing = ['arithmetic', 'shift', 'logic'];
  return [...kernelsByPhase(image.events).inference].reduce((count, index) => {
    const kernel = image.kernels[index];
    const stores =
      kernel && fieldUses(kernel).some(({ field, does }) => does === 'store' && field === potential);
    if (kernel?.population === undefined || stores !== true) return count;
    return (
      count + kernel.code.filter(({ mnemonic }) => computing.includes(operationNamed(mnemonic).group)).length
    );
  }, 0);
}
