/** A core in Verilog: its plan, its text, and its test bench. */

export { type BenchSample, placedStimulus, spikesByStep, stimulusText } from './bench/bench.ts';
export { benchFiles } from './bench/files.ts';
export { loadedStimulus } from './bench/loaded.ts';
export {
  expectedText,
  type ObservedSample,
  readObserved,
  sampleSpikes,
  stateLines,
} from './bench/observed.ts';
export { describeCore, descriptionWords } from './describe.ts';
export { coreFiles } from './emit/core-text.ts';
export { LaneText, type Wire } from './emit/lane-text.ts';
export { listMemories } from './emit/memory-modules.ts';
export type { SourceFile } from './emit/verilog.ts';
export { rtlFiles } from './files.ts';
export { programmedFiles } from './micro-files.ts';
export type { CorePlan, KernelPlan } from './plan/core-plan.ts';
export { withoutLearning } from './plan/lists.ts';
export { planCore } from './plan/plan.ts';
export type { Widths } from './plan/widths.ts';
export { cellPowers } from './synthesis/cell-power.ts';
export { dumpFile, windowFile } from './synthesis/dump.ts';
export {
  gatesFiles,
  gatesResults,
  memoryIn,
  netlistSources,
  type TimedMemory,
  timingFiles,
} from './synthesis/gates.ts';
export { noLiberty } from './synthesis/liberty.ts';
export { type SynthesisedDesign, synthesisedModel } from './synthesis/model.ts';
export { bitsOfControl, checkFpga, fpgaNeeds, knownControlBits, wiredFor } from './synthesis/needs.ts';
export { readNetlist } from './synthesis/netlist.ts';
export { energyByPart, type NetlistPart, netlistEnergies, netlistParts } from './synthesis/netlist-energy.ts';
export { portsOf } from './synthesis/script.ts';
export { NetlistToggles } from './synthesis/toggles.ts';
