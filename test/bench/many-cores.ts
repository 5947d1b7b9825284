import { pathToFileURL } from 'node:url';
import { startCrew } from '../../src/chips/node.ts';
import { createMachine, type System } from '../../src/cores/index.ts';
import { type Core, compileModule } from '../../src/engine/index.ts';
import { type Cell, loadExperiment, parseSettings, resolveCell } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import {
  denseSynapses,
  fanOut,
  neurons,
  potentialsOf,
  recurrent,
  sparse,
  sparseSynapses,
} from '../cores/recurrent.ts';
import { formatSpeed, median } from './format.ts';
import { hashOf, type NetworkData, runNative } from './native-network.ts';
import { textTable } from './text-table.ts';

interface Network {
  readonly name: string;
  readonly start: () => System;
  /** The same for C, without cores. */
  readonly data: () => NetworkData;
  /** Steps of a round. */
  readonly steps: number;
  /** Of a neuron. */
  readonly synapses: number;
}

const dense = (): NetworkData => ({ ...denseSynapses(), targets: undefined });
const networks: readonly Network[] = [
  { name: 'recurrent-1024, 1 core', start: () => recurrent(1), data: dense, steps: 2000, synapses: neurons },
  { name: 'recurrent-1024, 4 cores', start: () => recurrent(4), data: dense, steps: 2000, synapses: neurons },
  {
    name: 'sparse-16k, 16 cores',
    start: () => sparse(16),
    data: sparseSynapses,
    steps: 200,
    synapses: fanOut,
  },
];

/**
 * Networks on many cores, with all counters, beside plain C that has neither cores nor counters, on one thread; in words.
 *
 * @throws Error where the two disagree about spikes or potentials after a round
 */
export function networkSpeed(rounds: number): string {
  const rows = networks.map(({ name, start, data, steps, synapses }) => {
    const native = runNative(data(), steps, rounds);
    const system = start();
    for (const { image } of system.cores) compileModule(image);
    const speeds: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const before = performance.now();
      let spikes = 0;
      for (let step = 0; step < steps; step++) spikes += system.step();
      const ms = performance.now() - before;
      if (round > 0) speeds.push((spikes * synapses * 1000) / ms);
      const other = native?.[round];
      if (other !== undefined && (other.spikes !== spikes || other.hash !== hashOf(potentialsOf(system))))
        throw new Error(`${name}: C has other spikes or potentials after round ${round}`);
    }
    const own = median(speeds);
    if (native === undefined) return [name, formatSpeed(own, 'SOP'), '', ''];
    const c = median(native.slice(1).map(({ ns, spikes }) => (spikes * synapses * 1e9) / ns));
    return [name, formatSpeed(own, 'SOP'), formatSpeed(c, 'SOP'), (own / c).toFixed(2)];
  });
  return textTable(['network', 'with cores and counters', 'C without', 'ratio'], rows, 'lrrr');
}

const stepsAtOnce = 50;

/** `loihi-chip` on one thread and on two, in turns; in words. */
export async function threadSpeed(rounds: number): Promise<string> {
  const cell = loihiChip();
  const crew = await startCrew(2);
  try {
    const systems = [createMachine(cell), createMachine(cell, { crew })];
    for (const system of systems) stepMs(system);
    const turns = Array.from({ length: rounds }, () => systems.map(stepMs));
    const [one = 0, two = 0] = [0, 1].map((thread) => median(turns.map((times) => times[thread] ?? 0)));
    const ratio = median(turns.map(([alone = 0, together = 1]) => alone / together));
    return `loihi-chip: ${one.toFixed(2)} ms a step, ${two.toFixed(2)} ms on two threads, ${ratio.toFixed(2)} times as fast`;
  } finally {
    await crew.close();
  }
}

function stepMs(system: Core): number {
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
