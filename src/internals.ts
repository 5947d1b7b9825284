/**
 * The parts that the library is made of. Loaders, compiler, image, engines, traces, reports; `plasticore/chips` has the
 * chips.
 *
 * Strings and bytes in, no Node module: it runs in browsers. `plasticore` is the front; what stands here serves tools
 * built on the simulator, and may change from release to release.
 *
 * @example
 * import { findBundled } from 'plasticore/bundled';
 * import { compile, createMachine, loadHwModel, loadProgram } from 'plasticore/internals';
 *
 * const program = loadProgram(findBundled('program', 'mnist-snn', ''), {
 *   microcode: (name, from) => findBundled('microcode', name, from),
 * });
 * const chip = findBundled('hw-model', 'reference', '');
 * const hw = loadHwModel(chip.text, chip.file, (name, from) => findBundled('hw-model', name, from));
 * const image = compile(program, hw, { precision: 'mp16-8', seed: 1 });
 * const machine = createMachine(image, { engine: 'reference' });
 * console.log(image.kernels.length, machine.counters().steps);
 */
export {
  type CompileOptions,
  compile,
  compileCore,
  compilerVersion,
  type GivenPlacement,
  offered,
  placementText,
  readPlacement,
} from './compiler/index.ts';
export {
  type Augmentation,
  type ChannelRange,
  type ChannelScaling,
  type CueAccumulation,
  createEncoder,
  createEventEncoder,
  createSetEncoder,
  cueAccumulation,
  type Dataset,
  defaultCueAccumulation,
  type Encoder,
  type EncoderName,
  type Encoding,
  type EncodingContext,
  type Equaliser,
  type EventEncoding,
  type EventSet,
  embeddedDataset,
  encoderNames,
  type FeatureSet,
  holdOutValidation,
  type LabelledSet,
  type NdArray,
  npzDataset,
  readIdxSet,
  readNpz,
  type SpikeTrain,
  type Split,
  sampleEvents,
  sampleValues,
  shdDataset,
  stratifiedPrefix,
  stratifiedSplit,
  type ValidationPart,
  writeNpz,
} from './data/index.ts';
export {
  type Core,
  type CoreOptions,
  type CoreState,
  createCore,
  defaultEngine,
  type EngineName,
  engineNames,
  type Probe,
  type Processor,
  predict,
  runSample,
  type SampleOptions,
  type SampleStart,
  triggerEvent,
} from './engine/index.ts';
export {
  type Cell,
  type CellChoice,
  type EpochResult,
  type Experiment,
  experimentJsonSchema,
  limitData,
  loadExperiment,
  type Progress,
  parseSettings,
  planRecording,
  type RecordingPlan,
  type RunIdentity,
  type RunOptions,
  type RunResult,
  type RunSetting,
  type RunState,
  recordingArrays,
  reportOf,
  resolveCell,
  runCell,
  runIdentity,
  type Settings,
  weightArrays,
} from './experiment/index.ts';
export {
  allChoices,
  type CellsProgress,
  DesignLoader,
  parseVary,
  type SweepChoice,
  spaceOfSweep,
} from './explore/index.ts';
export {
  type Divergence,
  describeDivergence,
  type GoldenFormat,
  type GoldenTrace,
  goldenFormat,
  type ReplayContext,
  type ReplayDeployment,
  type Verdict,
} from './golden/index.ts';
export {
  type ChipModel,
  type CoreArea,
  type CostTable,
  coreArea,
  type Direction,
  directions,
  type Estimator,
  estimators,
  type HwModel,
  hwModelJsonSchema,
  type Interval,
  loadHwModel,
  Mesh,
  type MeshShape,
  type NetworkCosts,
  type Source,
  type SourceKind,
  totalInterval,
} from './hardware/index.ts';
export {
  type Counters,
  type Image,
  imageVersion,
  type MemoryFile,
  memoryFiles,
  type Price,
  price,
  readImage,
  writeImage,
} from './image/index.ts';
export {
  compare,
  type Decision,
  exportNir,
  filesOf,
  type ImportContext,
  type ImportedNetwork,
  type ImportOptions,
  type InputData,
  importNir,
  type NirExport,
  readInputData,
  rulesOf,
} from './import/index.ts';
export { assemble, disassemble, type Kernel, operations } from './isa/index.ts';
export {
  checkMachineState,
  createMachine,
  type Machine,
  type MachineOptions,
  type MachineWatch,
} from './machine/index.ts';
export {
  type Conventions as NirConventions,
  conventions as nirConventions,
  describeNir,
  type Framework as NirFramework,
  type NirDescription,
  type NirGraph,
  NirNetwork,
  type NirNode,
  type Observer as NirObserver,
  readNir,
  writeNir,
} from './nir/index.ts';
export {
  createProgram,
  loadProgram,
  type Program,
  ProgramBuilder,
  type ProgramDescription,
  type ProgramFiles,
  type ProgramSpec,
  program,
  programJsonSchema,
} from './program/index.ts';
export { hash32, noEpoch, permutation } from './random/index.ts';
export {
  type Drift,
  formatReport,
  htmlReport,
  type MemoryReport,
  makeReport,
  memoryOf,
  type NeuroBench,
  type PhaseReport,
  type Report,
  type RunFolder,
  reportJsonSchema,
  type Saving,
  type StudyReport,
  scoredPhase,
  studyJsonSchema,
} from './report/index.ts';
export {
  type ErrorCode,
  type FileKind,
  type Find,
  type Override,
  type Place,
  PlasticoreError,
  type Resolve,
  type SourceText,
} from './text/index.ts';
export {
  type CoreTrace,
  firstDivergence,
  formatTrace,
  goldenFormats,
  readCoreTrace,
  readTrace,
  recordTrace,
  replayCoreTrace,
  replayTrace,
  type TraceFiles,
  type TracePlan,
  type TraceSource,
  traceJsonSchema,
  traceOf,
} from './trace/index.ts';
