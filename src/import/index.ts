/** Networks from other tools: a graph of NIR becomes a program on an integer core, and is compared with itself. */

export { compare, runningOn, runningOnChip } from './check/index.ts';
export { type ChipImport, chipFilesOf, chipNotesOf, importToChip, overridesOf } from './chip/index.ts';
export { compiledFrom } from './compiled.ts';
export { DecidedInput, type NamedSamples } from './decide-input.ts';
export type { Decision } from './decision.ts';
export { exportNir, type NirExport } from './export/index.ts';
export { filesOf, importFiles } from './files.ts';
export { findingNotes, findReadings } from './find-readings.ts';
export { type ImportedNetwork, type ImportOptions, importNir } from './import.ts';
export { encodedData, type InputData, readInputData } from './input-data.ts';
export { type InputNumbers, inputKindNames } from './input-numbers.ts';
export { checkGraph } from './layout.ts';
export { networkOf } from './map/index.ts';
export type { Mapping } from './mappings.ts';
export { importOnCore } from './on-core.ts';
export { type LearningRule, learningRules } from './program/index.ts';
export { readingNotes, readingsOf } from './readings.ts';
export { readingsJsonSchema, withReadings } from './readings-file.ts';
export { type ExperimentData, type ImportContext, notesOf } from './record.ts';
export { currentNames, firesNames, type GivenRules, leakNames, resetNames, rulesOf } from './rules.ts';
export {
  describeXylo,
  halfToEven,
  importToXylo,
  quantiseXylo,
  runningOnXylo,
  type XyloLayer,
  type XyloMethod,
  type XyloNetwork,
  type XyloWeights,
  xyloFilesOf,
  xyloMethods,
} from './xylo/index.ts';
