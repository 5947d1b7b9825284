/** Networks from other tools: a graph of NIR becomes a program on an integer core, and is compared with itself. */

export { compare } from './check/index.ts';
export { exportNir, type NirExport } from './export/index.ts';
export { filesOf, importFiles } from './files.ts';
export { type ImportedNetwork, type ImportOptions, importNir } from './import.ts';
export { type NirStage, networkOf } from './map/index.ts';

export { type Decision, type ExperimentData, type ImportContext, notesOf } from './record.ts';
export { firesNames, resetNames, rulesOf } from './rules.ts';
export { encodedData, readSpikeData, type SpikeData } from './spike-data.ts';
