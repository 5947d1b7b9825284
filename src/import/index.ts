/** Networks from other tools: a graph of NIR becomes a program on an integer core, and is compared with itself. */

export { compare, runningOn } from './check/index.ts';
export { accumulatorOf, type ImportedNetwork, type ImportOptions, importNir, type Mapping } from './core.ts';
export type { ExperimentData, NamedSamples } from './decide-input.ts';
export type { Decision } from './decision.ts';
export { exportNir, type NirExport } from './export/index.ts';
export { filesOf, type ImportContext, importFiles } from './files.ts';
export { findingNotes } from './find-readings.ts';
export { encodedData, type InputData, readInputData } from './input-data.ts';
export { type InputNumbers, inputKindNames } from './input-numbers.ts';
export { checkGraph } from './layout.ts';
export { networkOf } from './map/index.ts';
export { learningRules } from './program/index.ts';
export { readGraph } from './reading.ts';
export { readingNotes, readingsOf } from './readings.ts';
export { readingsJsonSchema, withReadings } from './readings-file.ts';
export { currentNames, firesNames, type GivenRules, leakNames, resetNames, rulesOf } from './rules.ts';
export { driftOf, importTo, type MadeImport, type Reading } from './target.ts';
export { importPrecision, targetOf } from './target-of.ts';
export { describeXylo } from './xylo/describe.ts';
export type { XyloLayer, XyloNetwork, XyloWeights } from './xylo/network.ts';
export { halfToEven, quantiseXylo, type XyloMethod, xyloMethods } from './xylo/quantise.ts';
export { importToXylo } from './xylo/target.ts';
