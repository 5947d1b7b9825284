import { startCrew } from '../../src/chips/node.ts';
import { createMachine, type System } from '../../src/cores/index.ts';
import { type Core, compileModule } from '../../src/engine/index.ts';
import { type Cell, loadExperiment, parseSettings, resolveCell } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { fanOut, neurons, recurrent, sparse } from '../cores/recurrent.ts';
import { median } from './format.ts';

// npx tsx test/bench/many-cores.ts [ROUNDS]: recurrent-1024 on one core and on four, sparse-16k on sixteen, with all counters;
// then loihi-chip on one thread and on two, in turns.

const rounds = Number(process.argv[2] ?? 5);
const networks: readonly (readonly [name: string, steps: number, synapses: number, start: () => System])[] = [
  ['recurrent-1024 on 1 core', 2000, neurons, () => recurrent(1)],
  ['recurrent-1024 on 4 cores', 2000, neurons, () => recurrent(4)],
  ['sparse-16k on 16 cores', 200, fanOut, () => sparse(16)],
];

for (const [name, steps, synapses, start] of networks) {
  const system = start();
  for (const { image } of system.cores) compileModule(image);
  for (let step = 0; step < steps; step++) system.step();
  const measured = Array.from({ length: rounds }, () => {
    let fired = 0;
    const before = performance.now();
    const usedBefore = process.cpuUsage();
    for (let step = 0; step < steps; step++) fired += system.step();
    const { user, system: kernel } = process.cpuUsage(usedBefore);
    const operations = fired * synapses;
    return { wall: operations / (performance.now() - before) / 1e3, cpu: operations / (user + kernel) };
  });
  const speed = (of: (one: { wall: number; cpu: number }) => number): string =>
    median(measured.map(of)).toFixed(0);
  console.log(
    `${name}: ${speed(({ wall }) => wall)} M SOP/s, ${speed(({ cpu }) => cpu)} M a second of the processor`,
  );
}

const steps = 50;
const cell = loihiChip();
const crew = await startCrew(2);
const systems = [createMachine(cell), createMachine(cell, { crew })];
const stepMs = (system: Core): number => {
  system.begin({ label: 0, learn: false, steps });
  const before = performance.now();
  system.finish();
  return (performance.now() - before) / steps;
};
for (const system of systems) stepMs(system);
const turns = Array.from({ length: rounds }, () => systems.map(stepMs));
const [one, two] = [0, 1].map((thread) => median(turns.map((times) => times[thread] ?? 0)));
const ratio = median(turns.map(([alone = 0, together = 1]) => alone / together));
console.log(
  `loihi-chip: ${one?.toFixed(2)} ms a step, ${two?.toFixed(2)} ms on two threads, ${ratio.toFixed(2)} times as fast`,
);
await crew.close();

/** Its default cell. */
function loihiChip(): Cell {
  const settings = parseSettings([]);
  const experiment = loadExperiment(findFile('experiment', 'loihi-chip', ''), settings.experiment);
  return resolveCell(experiment, { settings }, findFile);
}
