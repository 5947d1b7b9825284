/**
 * Plasticore: a simulator of neuromorphic cores that learn.
 *
 * Takes strings and bytes and imports no Node module, so it runs in browsers. `plasticore/bundled` has the bundled
 * programs and core models, `plasticore/node` adds files, data sets and sweeps, and `plasticore/internals` exports the
 * parts inside, `plasticore/chips` those of chips.
 *
 * @example
 * import { loadCore } from 'plasticore';
 * import { findBundled } from 'plasticore/bundled';
 *
 * const core = loadCore('mnist-snn', { on: 'reference', precision: 'mp16-8' }, findBundled);
 * core.learn({ spikes: [[300, 301], [300], [301, 329]], label: 7 });
 * console.log(core.price().cycles, core.read('output.v'));
 */
export {
  type Dataset,
  type Encoding,
  type EventSet,
  type FeatureSet,
  type LabelledSet,
  npzDataset,
  readIdxSet,
  shdDataset,
} from './data/index.ts';
export type { Core, CoreState, EngineName, Probe } from './engine/index.ts';
export {
  type Cell,
  type CellChoice,
  type Experiment,
  loadExperiment,
  type Progress,
  type RunOptions,
  type RunResult,
  reportOf,
  resolveCell,
  runCell,
  runIdentity,
} from './experiment/index.ts';
export { type Counters, type Image, type Price, readImage, writeImage } from './image/index.ts';
export {
  type CoreChoice,
  type Data,
  loadCore,
  type RunningOptions,
  type Sample,
  SampleSet,
  SimulatedCore,
  type SpikeSample,
  samplesOf,
} from './library/index.ts';
export { loadProgram, type Program, ProgramBuilder, program } from './program/index.ts';
export { formatReport, htmlReport, type MemoryReport, type Report } from './report/index.ts';
export {
  type ErrorCode,
  type FileKind,
  type Find,
  findAmong,
  type Place,
  PlasticoreError,
} from './text/index.ts';
