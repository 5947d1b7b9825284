import { compile } from '../../src/compiler/index.ts';
import { findHwModel } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { createMachine, type Machine, type MachineOptions } from '../../src/machine/index.ts';
import { createProgram, type ProgramDescription } from '../../src/program/index.ts';
import { spread } from '../support/spread.ts';

/*
 * The networks on which the simulator SANA-FE was timed: `dense1024`, 1024 neurons, each onto all of them, itself
 * included, on four cores; and `sparse16384`, 16384 neurons, each onto 100 drawn ones, repeats and itself included, on
 * sixteen. Every step adds 1 to each potential and the weights of the spikes of the step before; a potential above 19
 * spikes and becomes 0. Here, 1 is 64, so that all numbers are whole. Its authors' generator, in words: xorshift32 with
 * shifts 13, 17 and 5, from a seed that is the number of neurons; first the initial potentials, (next >> 16) mod 20;
 * then, row by row, the synapses: for the sparse network the target, next mod 16384; then the weight: m = (next >> 16)
 * mod 14, less 7 if below 7, else less 6.
 */

export const neurons = 1024;
export const sparseNeurons = 16_384;
export const fanOut = 100;

const rule = (threshold: number) => `kernel integrate over row
  ld r0, syn.weight
  ld r1, post.v
  add r1, r1, r0
  st r1, post.v
end
kernel fire over neurons
  ld r0, self.v
  add r0, r0, 64
  cmp.gt r1, r0, ${threshold}
  sel r0, r1, 0, r0
  st r0, self.v
  emit r1
end
`;

export type Projection = Omit<NonNullable<ProgramDescription['projections']>[string], 'from' | 'to'>;

/** A population with one projection onto itself, whose neurons spike above a threshold. */
export const recurrentProgram = (
  name: string,
  size: number,
  projection: Projection,
  { steps = 2 ** 20, threshold = 19 * 64 } = {},
) =>
  createProgram({
    name,
    steps,
    input: 'none',
    populations: { none: { size: 1 }, all: { size, fields: { v: { accumulator: 16 } } } },
    projections: { recurrent: { from: 'all', to: 'all', ...projection } },
    microcode: { rule: { text: rule(threshold) } },
    events: {
      tick: [{ deliver: 'all', spikes: 'previous' }, { run: 'fire', over: 'all' }, { deliver: 'all' }],
      previousSpike: { all: [{ run: 'integrate', over: 'recurrent' }] },
    },
    readout: 'all.v',
  });

/** The generator, and the initial potentials, which come first. */
function drawn(size: number): {
  readonly next: () => number;
  readonly weight: () => number;
  readonly potentials: Float64Array;
} {
  let x = size;
  const next = (): number => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
  const weight = (): number => {
    const m = (next() >>> 16) % 14;
    return m < 7 ? m - 7 : m - 6;
  };
  return { next, weight, potentials: Float64Array.from({ length: size }, () => 64 * ((next() >>> 16) % 20)) };
}

/** The weights of `dense1024`, row by row. */
export function denseSynapses(): { readonly potentials: Float64Array; readonly weights: Float64Array } {
  const { weight, potentials } = drawn(neurons);
  return { potentials, weights: Float64Array.from({ length: neurons ** 2 }, weight) };
}

/** `dense1024` on some cores of `mesh`, before its first step. */
export function recurrent(cores: number, options?: MachineOptions): Machine {
  const { weights, potentials } = denseSynapses();
  const system = systemOf(recurrentProgram('recurrent-1024', neurons, {}), neurons, cores, options);
  system.write(indexIn(system, 'recurrent.weight'), weights);
  return started(system, potentials);
}

/** The potentials of all neurons. */
export function potentialsOf(system: Machine): Float64Array {
  return system.read(indexIn(system, 'all.v'));
}

/** The synapses of `sparse16384`: for each neuron its targets, ascending, and their weights. */
export function sparseSynapses(): {
  readonly potentials: Float64Array;
  readonly targets: Uint32Array;
  readonly weights: Int8Array;
} {
  const { next, weight, potentials } = drawn(sparseNeurons);
  const targets = new Uint32Array(sparseNeurons * fanOut);
  const weights = new Int8Array(sparseNeurons * fanOut);
  for (let first = 0; first < targets.length; first += fanOut) {
    const synapses = Array.from({ length: fanOut }, () => ({
      post: next() % sparseNeurons,
      weight: weight(),
    }));
    for (const [at, synapse] of synapses.sort((a, b) => a.post - b.post).entries()) {
      targets[first + at] = synapse.post;
      weights[first + at] = synapse.weight;
    }
  }
  return { potentials, targets, weights };
}

/** `sparse16384` on some cores of `mesh`, before its first step. */
export function sparse(cores: number, options?: MachineOptions): Machine {
  const { potentials, targets, weights } = sparseSynapses();
  const starts = Uint32Array.from({ length: sparseNeurons + 1 }, (_, row) => row * fanOut);
  const projection: Projection = {
    connect: { sparse: { starts: { values: starts }, targets: { values: targets } } },
    initialWeights: { values: weights },
  };
  const system = systemOf(
    recurrentProgram('sparse-16k', sparseNeurons, projection),
    sparseNeurons,
    cores,
    options,
  );
  return started(system, potentials);
}

function systemOf(
  of: ReturnType<typeof createProgram>,
  size: number,
  cores: number,
  made: MachineOptions | undefined,
): Machine {
  const options = { precision: 'mp16-8', seed: 1 };
  const hw = findHwModel({ name: 'mesh', from: '' }, options.precision, findFile);
  const populations = [
    { name: 'none', size: 1 },
    { name: 'all', size },
  ];
  // On one core, the weights need more memory than a core of `mesh` has; and `mesh` has eight cores.
  const roomy = {
    ...hw,
    banks: hw.banks.map((bank) => ({ ...bank, capacityBits: 2 ** 26 })),
    chip: hw.chip && { ...hw.chip, mesh: { ...hw.chip.mesh, columns: 4, rows: 4 } },
  };
  const placement = spread(populations, 0, cores, hw.lanes);
  return createMachine(compile(of, roomy, options, { slices: placement }), made);
}

function indexIn({ image }: Machine, name: string): number {
  return image.fields.findIndex((field) => field.name === name);
}

function started(system: Machine, potentials: Float64Array): Machine {
  system.write(indexIn(system, 'all.v'), potentials);
  system.begin({ label: 0, learn: false, steps: 2 ** 20 });
  return system;
}
