import { compileModule } from '../../src/engine/index.ts';
import { neurons, recurrent } from '../cores/recurrent.ts';
import { median } from './format.ts';

// npx tsx test/bench/many-cores.ts [ROUNDS]: recurrent-1024 on one core and on four, with all counters.

const rounds = Number(process.argv[2] ?? 5);
const steps = 2000;
for (const cores of [1, 4]) {
  const system = recurrent(cores);
  for (const { image } of system.cores) compileModule(image);
  for (let step = 0; step < steps; step++) system.step();
  const speeds = Array.from({ length: rounds }, () => {
    let fired = 0;
    const start = performance.now();
    for (let step = 0; step < steps; step++) fired += system.step();
    return (fired * neurons) / (performance.now() - start) / 1e6;
  });
  console.log(`recurrent-1024 on ${cores} cores: ${median(speeds).toFixed(2)} G SOP/s`);
}
