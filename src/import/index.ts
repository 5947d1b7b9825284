/** Networks from elsewhere: a graph of NIR becomes a program that runs on the integer core, and is compared with itself. */

export { type Compared, compare } from './check/index.ts';
export { encodedData } from './encoded-data.ts';
export { type Exported, exportNir } from './export/index.ts';
export { filesOf, importFiles } from './files.ts';
export { type Imported, type ImportOptions, importNir } from './import.ts';
export { type Network, networkOf, type Stage } from './map/index.ts';
export type { Widths } from './quantise/index.ts';
export { type Decision, type ExperimentData, type ImportContext, notesOf } from './record.ts';
export { firesNames, type GivenRules, type ResetName, resetNames, rulesOf } from './rules.ts';
export { readSpikeData, type SpikeData } from './spike-data.ts';
