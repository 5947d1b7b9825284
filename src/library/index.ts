/** The front of the library: one call gives a core that learns, answers and is priced. */

export { type RunningOptions, SimulatedCore } from './core.ts';
export { type CoreChoice, loadCore } from './load-core.ts';
export { type Data, type Sample, SampleSet, type SpikeSample, samplesOf } from './sample-set.ts';
