/** Networks from other tools: a graph of NIR becomes a program on an integer core, and is compared with itself. */

export { compare } from './check/check.ts';
export { runningOn } from './check/running.ts';
export { accumulatorOf, type ImportedNetwork, type ImportOptions, importNir, type Mapping } from './core.ts';
export type { ExperimentData, NamedSamples } from './decide-input.ts';
export { exportNir, type NirExport } from './export/graph.ts';
export { filesOf, type ImportContext, importFiles } from './files.ts';
export { findingNotes } from './find-readings.ts';
export { encodedData, type InputData, readInputData } from './input-data.ts';
export { type InputNumbers, inputKindNames, inputSpikes } from './input-numbers.ts';
export { checkGraph } from './layout.ts';
export { networkOf } from './map/network.ts';
export { ObservedRun } from './observed.ts';
export { learningRules } from './program/learning.ts';
export { type Reading, readGraph } from './reading.ts';
export { readingNotes, readingsJsonSchema, readingsOf, withReadings } from './readings.ts';
export type { Decision } from './rules.ts';
export { currentNames, firesNames, type GivenRules, leakNames, resetNames, rulesOf } from './rules.ts';
export { driftOf, importTo, type MadeImport } from './target.ts';
export { importPrecision, targetOf } from './target-of.ts';
