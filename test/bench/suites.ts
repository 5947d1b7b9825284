import { createCore, type EngineName } from '../../src/engine/index.ts';
import { type BenchmarkCase, runBenchmarks } from './benny.ts';
import { formatSpeed } from './format.ts';
import { textTable } from './text-table.ts';
import { amountOf, runSamples, type Workload } from './workload.ts';
import { failingRuns, kernelClasses, wholeRuns } from './workloads.ts';

/** Benchmarks of each class of kernels and of whole runs on the fast engine, and on the reference engine for scale. */
export async function runSuites(): Promise<string> {
  const rows: string[][] = [];
  for (const workload of [...kernelClasses(), ...wholeRuns(), ...failingRuns()]) {
    const brief = { ...workload, samples: workload.samples.slice(0, 1) };
    const cases = [caseOf('fast', workload), caseOf('reference', brief)];
    for (const { name, speed, marginPercent, unit } of await runBenchmarks(workload.name, cases))
      rows.push([workload.name, name, formatSpeed(speed, unit), `± ${marginPercent} %`]);
  }
  return textTable(['benchmark', 'engine', 'speed', ''], rows, 'llrr');
}

/**
 * A workload on an engine. Learning would get cheaper from run to run, so a run that learns starts with restoring the
 * state, which is timed too: some per cent of a thousand samples.
 */
function caseOf(name: EngineName, workload: Workload): BenchmarkCase {
  const engine = createCore(workload.image, { engine: name });
  const amount = amountOf(engine, workload);
  engine.restore(workload.state);
  const restores = workload.learn && workload.unit === 'samples';
  return {
    name,
    amount,
    unit: workload.unit,
    run: () => {
      if (restores) engine.restore(workload.state);
      runSamples(engine, workload);
    },
  };
}
