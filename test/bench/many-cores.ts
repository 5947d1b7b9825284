import { pathToFileURL } from 'node:url';
import { compileModule } from '../../src/engine/index.ts';
import { type Cell, loadExperiment, parseSettings, resolveCell } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { startCrew } from '../../src/machine/node.ts';
import {
  denseSynapses,
  fanOut,
  neurons,
  potentialsOf,
  recurrent,
  sparse,
  sparseSynapses,
} from '../machine/recurrent.ts';
import { formatSpeed, median } from './format.ts';
import { hashOf, type NetworkData, runNative } from './native-network.ts';
import { textTable } from './text-table.ts';

interface Network {
  readonly name: string;
  readonly start: () => Machine;
  /** The same for C, without cores. */
  readonly data: () => NetworkData;
  /** Steps that are timed together. */
  readonly steps: number;
  /** Of a neuron. */
  readonly synapses: number;
}

const dense = (): NetworkData => ({ ...denseSynapses(), targets: undefined });
const networks: readonly Network[] = [
  { name: 'recurrent-1024, 1 core', start: () => recurrent(1), data: dense, steps: 40, synapses: neurons },
  { name: 'recurrent-1024, 4 cores', start: () => recurrent(4), data: dense, steps: 40, synapses: neurons },
  {
    name: 'sparse-16k, 16 cores',
    start: () => sparse(16),
    data: sparseSynapses,
    steps: 5,
    synapses: fanOut,
  },
];

/** Timings of a round. */
const timings = 50;

/**
 * Networks on many cores, with all counters, beside plain C that has neither cores nor counters, on one thread; in
 * words. Each speed is that of the few steps which others on the machine have disturbed least: nineteen in twenty are
 * slower.
 *
 * @throws Error where the two disagree about spikes, or about potentials after a round
 */
export function networkSpeed(rounds: number): string {
  const rows = networks.map(({ name, start, data, steps, synapses }) => {
    const native = runNative(data(), steps, timings * (rounds + 1) - 1);
    const system = start();
    for (const { image } of system.cores) compileModule(image);
    const speeds: number[] = [];
    for (let timing = 0; timing < timings * (rounds + 1); timing++) {
      const before = performance.now();
      let spikes = 0;
      for (let step = 0; step < steps; step++) spikes += system.step();
      const ms = performance.now() - before;
      // The first round warms up.
      if (timing >= timings) speeds.push((spikes * synapses * 1000) / ms);
      const other = native?.[timing];
      if (other === undefined) continue;
      const isSame = (timing + 1) % timings > 0 || other.hash === hashOf(potentialsOf(system));
      if (other.spikes !== spikes || !isSame)
        throw new Error(`${name}: C has other spikes or potentials after ${(timing + 1) * steps} steps`);
    }
    const own = leastDisturbed(speeds);
    if (native === undefined) return [name, formatSpeed(own, 'SOP'), '', ''];
    const c = leastDisturbed(native.slice(timings).map(({ ns, spikes }) => (spikes * synapses * 1e9) / ns));
    return [name, formatSpeed(own, 'SOP'), formatSpeed(c, 'SOP'), (own / c).toFixed(2)];
  });
  return textTable(['network', 'with cores and counters', 'C without', 'ratio'], rows, 'lrrr');
}

function leastDisturbed(speeds: readonly number[]): number {
  return speeds.toSorted((a, b) => a - b)[Math.floor(0.95 * speeds.length)] ?? Number.NaN;
}

const stepsAtOnce = 50;

/** `loihi-chip` on one thread and on two, in turns; in words. */
export async function threadSpeed(rounds: number): Promise<string> {
  const cell = loihiChip();
  const crew = await startCrew(2);
  try {
    const systems = [createMachine(cell.image), createMachine(cell.image, { crew })];
    for (const system of systems) stepMs(system);
    const turns = Array.from({ length: rounds }, () => systems.map(stepMs));
    const [one = 0, two = 0] = [0, 1].map((thread) => median(turns.map((times) => times[thread] ?? 0)));
    const ratio = median(turns.map(([alone = 0, together = 1]) => alone / together));
    return `loihi-chip: ${one.toFixed(2)} ms a step, ${two.toFixed(2)} ms on two threads, ${ratio.toFixed(2)} times as fast`;
  } finally {
    await crew.close();
  }
}

function stepMs(system: Machine): number {
  system.begin({ label: 0, learn: false, steps: stepsAtOnce });
  const before = performance.now();
  system.finish();
  return (performance.now() - before) / stepsAtOnce;
}

/** Its default cell. */
function loihiChip(): Cell {
  const settings = parseSettings([]);
  const experiment = loadExperiment(findFile('experiment', 'loihi-chip', ''), settings.experiment);
  return resolveCell(experiment, { settings }, findFile);
}

/** npx tsx test/bench/many-cores.ts [ROUNDS] */
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const rounds = Number(process.argv[2] ?? 5);
  console.log(networkSpeed(rounds));
  console.log(await threadSpeed(rounds));
}
