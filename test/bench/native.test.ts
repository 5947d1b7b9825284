import { describe, expect, it } from 'vitest';
import { FastCore } from '../../src/engine/index.ts';
import { needs } from '../support/needs.ts';
import { Native } from './native.ts';
import { timeSamples } from './workload.ts';
import { kernelClasses, spikingNeurons, wholeRuns } from './workloads.ts';

const native = Native.compile();

/**
 * The C code was written from the microcode alone, so equal bits check the engines and the C code against each other.
 */
describe('the C code of the benchmarks', needs('gcc'), () => {
  const brief = [...kernelClasses(), spikingNeurons(), ...wholeRuns(50, 200)].map((workload) => ({
    ...workload,
    samples: workload.samples.slice(0, 50),
  }));

  it.each(brief)('leaves the same state as the fast engine: $name', (workload) => {
    const engine = new FastCore(workload.image);
    native?.prepare(workload, engine);
    native?.time(workload, 1);
    expect(native?.difference(workload, engine)).toBeUndefined();
  });

  it('names the first difference', () => {
    const [workload] = brief;
    if (workload === undefined) throw new Error('no workload');
    const engine = new FastCore(workload.image);
    native?.prepare(workload, engine);
    native?.time(workload, 1);
    const fewer = { ...workload, samples: workload.samples.slice(1) };
    expect(native?.difference(fewer, engine)).toMatch(
      /^hidden\.v\[\d+\] is -?\d+ in WebAssembly, -?\d+ in C$/,
    );
  });

  it('changes something', () => {
    for (const workload of brief.filter(({ name }) => !name.startsWith('gates'))) {
      const engine = new FastCore(workload.image);
      engine.restore(workload.state);
      const before = engine.save();
      timeSamples(engine, workload);
      expect(engine.save().banks, workload.name).not.toEqual(before.banks);
    }
  });
});
